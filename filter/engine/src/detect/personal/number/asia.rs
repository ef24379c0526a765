//! Asia and the Middle East.

use super::Read::Forms;
use crate::detect::check::national::asia as check;

kinds! {
    "pii/cn-resident-id" "CN_RESIDENT_ID"
    "a Chinese resident identity number: region, date, serial, ISO 7064 mod 11-2 (GB 11643)"
    Forms(&["99999999999999999X"], Some(check::cn_resident_id)), STRONG,
    ["身份证", "身份证号", "公民身份号码", "resident id", "id card"]
    hits [["身份证号 ", "11010519491231002X", "。"], ["", "440524188001010014", ""], ["resident ID ", "11010519491231002x", ""]]
    misses ["110105194912310021", "11010519491331002X", "91010519491231002X", "1110105194912310021"];

    "pii/hk-hkid" "HK_HKID"
    "a Hong Kong identity card number: letters, six digits, a check digit, mostly in parentheses (Immigration Department)"
    Forms(&["A999999(X)", "AA999999(X)", "A999999X", "AA999999X"], Some(check::hk_hkid)), JOINED,
    ["hkid", "hk id", "香港身份證", "身份證", "身份证", "identity card", "id card"]
    hits [["HKID ", "G123456(A)", "."], ["", "A123456(3)", ""], ["HKID: ", "AB9876543", ""]]
    misses ["A123456(4)", "A1234563", "G123456(B)"];

    "pii/tw-id" "TW_ID"
    "a Taiwanese identity number behind its words: place, sex, serial, check digit (Ministry of the Interior)"
    Forms(&["A999999999"], Some(check::tw_id)), CONTEXT,
    ["身分證", "身份證", "身分證字號", "national id", "id number", "統一編號"]
    hits [["身分證字號 ", "A123456789", "。"], ["national ID: ", "F131104093", ""]]
    misses ["身分證 A123456788", "A123456789", "身分證 A323456789"];

    "pii/jp-my-number" "JP_MY_NUMBER"
    "a Japanese individual number (My Number) behind its words: twelve digits, mod 11 (Ordinance 85 of 2014)"
    Forms(&["999999999999", "9999 9999 9999", "9999-9999-9999"], Some(check::jp_my_number)), CONTEXT,
    ["マイナンバー", "個人番号", "my number", "mynumber", "individual number"]
    hits [["マイナンバー：", "123456789018", "。"], ["My Number ", "1234 5678 9018", "."]]
    misses ["マイナンバー 123456789019", "123456789018", "1234 5678 9018"];

    "pii/kr-rrn" "KR_RRN"
    "a Korean resident registration number: date, sex and century (those since October 2020 have no check digit)"
    Forms(&["999999-9999999", "9999999999999"], Some(check::kr_rrn)), JOINED,
    ["주민등록번호", "주민번호", "주민등록", "rrn", "resident registration"]
    hits [["주민등록번호 ", "960121-1021413", "."], ["", "050912-2000019", ""], ["rrn=", "9601211021413", "&"]]
    misses ["961321-1021413", "960121-5021413", "9601211021413", "960121-10214133"];

    "pii/kr-frn" "KR_FRN"
    "a Korean registration number of a foreigner: date, sex and century, check digit"
    Forms(&["999999-9999999", "9999999999999"], Some(check::kr_frn)), JOINED,
    ["외국인등록번호", "외국인번호", "frn", "foreigner registration", "alien registration"]
    hits [["외국인등록번호 ", "911124-5678906", "."], ["", "911124-5678906", ""]]
    misses ["911124-5678907", "9111245678906", "FRN 911324-5678906"];

    "pii/kr-brn" "KR_BRN"
    "a Korean business registration number: weights 1, 3, 7, 1, 3, 7, 1, 3, 5, mod 10 (NTS)"
    Forms(&["999-99-99999", "9999999999"], Some(check::kr_brn)), JOINED_HINT,
    ["사업자등록번호", "사업자번호", "business registration", "brn"]
    hits [["사업자등록번호 ", "104-86-56659", "."], ["BRN: ", "104-82-13138", ""]]
    misses ["BRN 104-86-56658", "1048656659"];

    "pii/in-aadhaar" "IN_AADHAAR"
    "an Indian Aadhaar number behind its words: twelve digits, Verhoeff (UIDAI)"
    Forms(&["999999999999", "9999 9999 9999", "9999-9999-9999"], Some(check::in_aadhaar)), JOINED_HINT,
    ["aadhaar", "aadhar", "adhaar", "uidai", "आधार", "uid"]
    hits [["Aadhaar ", "2341 2341 2346", "."], ["आधार: ", "312345678909", ""], ["aadhaar_number=", "312345678909", "&"]]
    misses ["Aadhaar 2341 2341 2347", "2341 2341 2346", "312345678909", "Aadhaar 123456789012"];

    "pii/in-pan" "IN_PAN"
    "an Indian permanent account number behind its words: five letters, of which the fourth is the kind of holder, four \
        digits, a letter (Income Tax Department)"
    Forms(&["AAAAA9999A"], Some(check::in_pan)), HINT,
    ["pan", "pan card", "pan number", "pan no", "permanent account number"]
    hits [["PAN ", "AAPFU0939F", "."], ["PAN card: ", "ABCPE1234F", ""], ["", "ABCPE1234F", ""]]
    misses ["PAN ABCDE1234F", "ABCPE0000F", "XABCPE1234F"];

    "pii/in-gstin" "IN_GSTIN"
    "an Indian GST number: state, PAN, registration, Z, check character in base 36 (GSTN)"
    Forms(&["99AAAAA9999AXAX"], Some(check::in_gstin)), STRONG,
    ["gstin", "gst", "gst number"]
    hits [["GSTIN ", "27AAPFU0939F1ZV", "."], ["", "29AAGCB7383J1Z4", ""]]
    misses ["27AAPFU0939F1ZW", "GSTIN 29AAGCB7383J1Z5", "40AAPFU0939F1ZV"];

    "pii/in-voter-id" "IN_VOTER_ID"
    "an Indian voter card number behind its words: three letters and seven digits (Election Commission)"
    Forms(&["AAA9999999"], None), CONTEXT,
    ["voter", "voter id", "voter card", "epic", "epic no", "election card"]
    hits [["voter ID ", "ABC1234567", "."], ["EPIC no: ", "XYZ7654321", ""]]
    misses ["ABC1234567", "voter AB1234567"];

    "pii/id-nik" "ID_NIK"
    "an Indonesian identity number behind its words: region, date, serial (Dukcapil)"
    Forms(&["9999999999999999"], Some(check::id_nik)), CONTEXT,
    ["nik", "ktp", "no ktp", "nomor induk", "nomor induk kependudukan"]
    hits [["NIK ", "3171011508900001", "."], ["KTP: ", "3273015203850002", ""]]
    misses ["NIK 3171013208900001", "3171011508900001", "NIK 3171011513900001"];

    "pii/il-id" "IL_ID"
    "an Israeli identity number behind its words: Luhn over nine digits (Population Authority)"
    Forms(&["999999999", "99999999-9"], Some(check::il_id)), CONTEXT,
    ["teudat zehut", "תעודת זהות", "ת ז", "מספר זהות", "israeli id", "tz"]
    hits [["ת.ז. ", "039337423", "."], ["teudat zehut: ", "123456782", ""]]
    misses ["teudat zehut 039337424", "039337423"];

    "pii/sg-nric" "SG_NRIC"
    "a Singaporean NRIC or FIN: prefix of the century and status, seven digits, check letter (ICA)"
    Forms(&["A9999999A"], Some(check::sg_nric)), STRONG,
    ["nric", "fin", "nric no", "identity card"]
    hits [["NRIC ", "S6859080I", "."], ["", "T1680536F", ""], ["FIN: ", "M9612050P", ""], ["nric ", "g3970684p", ""]]
    misses ["M9612050Q", "S6859080J", "A6859080I", "XS6859080I", "g3970684p"];

    "pii/th-national-id" "TH_NATIONAL_ID"
    "a Thai identity number: weights 13 to 2, mod 11 (DOPA)"
    Forms(&["9-9999-99999-99-9", "9 9999 99999 99 9", "9999999999999"], Some(check::th_id)), GROUPED,
    ["เลขประจำตัวประชาชน", "บัตรประชาชน", "เลขบัตรประชาชน", "thai id", "national id", "citizen id"]
    hits [["บัตรประชาชน ", "1-1012-34567-89-7", "."], ["", "1-2200-00000-00-7", ""], ["Thai ID: ", "1101234567897", ""]]
    misses ["1-1012-34567-89-8", "1101234567897", "9-1012-34567-89-7"];

    "pii/ph-tin" "PH_TIN"
    "a Philippine tax number behind its words: weights 9 to 2, mod 11 (BIR)"
    Forms(&["999-999-999", "999-999-999-999", "999-999-999-99999", "999999999", "999999999999"], Some(check::ph_tin)), CONTEXT,
    ["tin", "tin no", "bir", "taxpayer"]
    hits [["TIN ", "000-123-456", "."], ["TIN no. ", "000-123-456-001", ""]]
    misses ["TIN 000-123-457", "000-123-456"];

    "pii/my-nric" "MY_NRIC"
    "a Malaysian identity card number: date, place of birth, serial (JPN)"
    Forms(&["999999-99-9999", "999999999999"], Some(check::my_nric)), JOINED,
    ["mykad", "nric", "ic", "ic no", "no kp", "kad pengenalan"]
    hits [["MyKad ", "850312-14-5678", "."], ["", "900101-01-1234", ""], ["IC no: ", "850312145678", ""]]
    misses ["851312-14-5678", "850312-17-5678", "850312145678"];

    "pii/ae-emirates-id" "AE_EMIRATES_ID"
    "an Emirates ID: 784, year of birth, serial, Luhn (ICP)"
    Forms(&["999-9999-9999999-9", "999999999999999"], Some(check::ae_id)), STRONG,
    ["emirates id", "eid", "الهوية", "رقم الهوية"]
    hits [["Emirates ID ", "784-1990-1234567-6", "."], ["", "784199012345676", ""]]
    misses ["784-1990-1234567-7", "785-1990-1234567-6", "784199012345677"];

    "pii/sa-national-id" "SA_NATIONAL_ID"
    "a Saudi identity or residence number behind its words: 1 or 2, Luhn (Absher)"
    Forms(&["9999999999"], Some(check::sa_id)), CONTEXT,
    ["iqama", "saudi id", "رقم الهوية", "الهوية الوطنية", "إقامة", "national id"]
    hits [["iqama ", "1012345672", "."], ["رقم الهوية: ", "1012345672", ""]]
    misses ["iqama 1012345673", "1012345672", "iqama 3012345670"];

    "pii/pk-cnic" "PK_CNIC"
    "a Pakistani identity card number: province, serial, sex (NADRA)"
    Forms(&["99999-9999999-9", "9999999999999"], Some(check::pk_cnic)), JOINED,
    ["cnic", "nicop", "شناختی کارڈ", "nadra"]
    hits [["CNIC ", "35202-1234567-1", "."], ["", "61101-1234567-3", ""], ["cnic=", "3520212345671", "&"]]
    misses ["85202-1234567-1", "3520212345671", "35202-1234567-0"];

    "pii/vn-cccd" "VN_CCCD"
    "a Vietnamese citizen card number behind its words: province, century and sex, year (Ministry of Public Security)"
    Forms(&["999999999999"], Some(check::vn_cccd)), CONTEXT,
    ["cccd", "căn cước", "căn cước công dân", "cmnd", "số định danh"]
    hits [["CCCD ", "001085012345", "."], ["căn cước công dân: ", "079190123456", ""]]
    misses ["001085012345", "CCCD 101585012345"];

    "pii/ir-national-code" "IR_NATIONAL_CODE"
    "an Iranian national code behind its words: weights 10 to 2, mod 11"
    Forms(&["9999999999", "999-999999-9"], Some(check::ir_code)), CONTEXT,
    ["کد ملی", "کدملی", "شماره ملی", "code melli", "codemelli", "national code"]
    hits [["کد ملی ", "0499370899", "."], ["national code: ", "008-457594-8", ""]]
    misses ["کد ملی 0499370898", "0499370899"];

    "pii/eg-national-id" "EG_NATIONAL_ID"
    "an Egyptian national number behind its words: century, date, governorate (Civil Status)"
    Forms(&["99999999999999"], Some(check::eg_id)), CONTEXT,
    ["الرقم القومي", "رقم قومي", "national id", "egyptian id"]
    hits [["الرقم القومي ", "28503122112345", "."], ["national ID: ", "29001011234567", ""]]
    misses ["national id 28513122112345", "28503122112345", "national id 48503122112345"];

    "pii/kw-civil-id" "KW_CIVIL_ID"
    "a Kuwaiti civil number behind its words: century, date, check digit of base 11 (PACI)"
    Forms(&["999999999999"], Some(check::kw_civil)), CONTEXT,
    ["civil id", "civil number", "الرقم المدني", "kuwait id"]
    hits [["civil ID ", "285031201202", "."], ["الرقم المدني: ", "285031201202", ""]]
    misses ["civil ID 285031201203", "285031201202"];

    "pii/lk-nic" "LK_NIC"
    "a Sri Lankan identity card number: year and day of birth, of nine digits and V or X, or of twelve digits (DRP)"
    Forms(&["999999999A", "999999999999"], Some(check::lk_nic)), CONTEXT,
    ["nic", "nic no", "sri lanka", "identity card"]
    hits [["NIC ", "853400937V", "."], ["NIC no ", "198534000937", ""]]
    misses ["853400937V", "NIC 854000937V", "NIC 853400937W"];
}

//! Austria, Belgium, France, Germany, Ireland, Luxembourg, the Netherlands, Switzerland, the United Kingdom.

use super::Read::Forms;
use crate::detect::check::national::europe_west as check;

kinds! {
    "pii/at-svnr" "AT_SVNR"
    "an Austrian social insurance number (SVNR): check digit in the fourth place, date at the end (ASVG section 31)"
    Forms(&["9999999999", "9999 999999", "9999-999999"], Some(check::at_svnr)), GROUPED,
    ["svnr", "sv nr", "sv nummer", "sozialversicherungsnummer", "versicherungsnummer", "social insurance", "social security"]
    hits [["SVNR: ", "1237010180", "."], ["hat ", "1237 010180", " erhalten"], ["\"svnr\": \"", "1002150779", "\""]]
    misses ["SVNR: 1236010180", "1236 010180", "1237010180", "SVNR 1237130180 x1237010180"];

    "pii/be-nrn" "BE_NRN"
    "a Belgian national register number: date, serial, complement to 97 (Royal Decree of 3 April 1984)"
    Forms(&["99999999999", "99.99.99-999.99", "99 99 99 999 99", "999999 999 99", "999999-999-99", "999999-999.99"],
        Some(check::be_nrn)), STRONG,
    ["rijksregisternummer", "rijksregister", "insz", "niss", "numéro national", "registre national", "nationaal nummer",
        "national register", "national number"]
    hits [["nr ", "85.07.30-033.28", ","], ["", "93.05.05-079.13", ""], ["rijksregisternummer ", "15010100525", " ok"]]
    misses ["85.07.30-033.29", "rijksregisternummer 85073003329", "185.07.30-033.28", "85.07.30-033.28-1"];

    "pii/ch-ahv" "CH_AHV"
    "a Swiss AHV number: 756 and the check digit of EAN-13 (Federal Office of Social Insurance)"
    Forms(&["9999999999999", "999.9999.9999.99", "999 9999 9999 99"], Some(check::ch_ahv)), GROUPED,
    ["ahv", "ahv nr", "ahv nummer", "avs", "numéro avs", "oasi", "navs13", "sozialversicherungsnummer"]
    hits [["AHV ", "756.9217.0769.85", "."], ["", "756.9217.0769.85", ""], ["avs=", "7561234567897", "&"]]
    misses ["756.9217.0769.86", "757.9217.0769.85", "7569217076985", "AHV 7569217076986"];

    "pii/de-tax-id" "DE_TAX_ID"
    "a German tax identification number (Steuer-ID): ISO 7064 mod 11,10 and its rule on repeated digits (BZSt)"
    Forms(&["99999999999", "99 999 999 999", "99-999-999-999"], Some(check::de_tax_id)), GROUPED,
    ["steuer id", "steuerid", "steueridentifikationsnummer", "steuerliche identifikationsnummer", "identifikationsnummer",
        "idnr", "id nr", "steuernummer", "tin", "tax id", "tax number"]
    hits [["Steuer-ID: ", "86095742719", "."], ["IdNr ", "26 954 371 827", " x"], ["\"tax_id\":\"", "65929970489", "\""],
        ["meine ist ", "86 095 742 719", ", ja"]]
    misses ["Steuer-ID: 86095742718", "86095742719", "IdNr 26 954 371 828", "tax id 11111111111"];

    "pii/de-vat" "DE_VAT"
    "a German VAT identification number: DE and nine digits, ISO 7064 mod 11,10 (BZSt)"
    Forms(&["AA999999999", "AA 999999999", "AA 999 999 999"], Some(check::de_vat)), STRONG,
    ["ust id", "ustid", "ust idnr", "umsatzsteuer", "vat", "vat id", "vat number"]
    hits [["USt-IdNr. ", "DE136695976", "."], ["", "DE 136695976", ", x"], ["\"vat\":\"", "DE136695976", "\""]]
    misses ["DE136695978", "XDE136695976", "FR136695976", "DE1366959760"];

    "pii/de-rvnr" "DE_RVNR"
    "a German pension insurance number: area, date, letter, serial, check digit (VKVV section 2)"
    Forms(&["99999999A999", "99 999999 A 999", "99 999999 A999"], Some(check::de_rvnr)), STRONG,
    ["rentenversicherungsnummer", "rvnr", "rv nummer", "sozialversicherungsnummer", "versicherungsnummer", "svnr"]
    hits [["RVNR ", "15070649C103", "."], ["", "15 070649 C 103", ""], ["nr ", "50 150256 W493", ","]]
    misses ["15070649C102", "15470649C103", "15 070649 C 104", "x15070649C103"];

    "pii/de-kvnr" "DE_KVNR"
    "the part of a German health insurance number that does not change (KVNR): letter, eight digits, check digit (GKV)"
    Forms(&["A999999999"], Some(check::de_kvnr)), CONTEXT,
    ["kvnr", "krankenversichertennummer", "krankenversicherungsnummer", "krankenversicherung", "versichertennummer",
        "versicherten nr", "health insurance"]
    hits [["KVNR: ", "A000500015", "."], ["Versichertennummer ", "M123456785", " x"]]
    misses ["KVNR: A000500016", "A000500015", "KVNR AA000500015"];

    "pii/de-id-card" "DE_ID_CARD"
    "the serial number of a German identity card, with or without its check digit, behind its words (ICAO 9303; the \
        specimens of the Bundesdruckerei)"
    Forms(&["AXXXXXXXX", "AXXXXXXXX9", "AXXXXXXXX9A", "9999999999"], Some(check::de_document)), CONTEXT,
    ["personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis nr", "ausweis", "perso", "id card",
        "identity card", "german id"]
    hits [["Personalausweis ", "LZ6311T475", "."], ["Ausweisnummer: ", "T220001293", " x"], ["ID card ", "CZ6311T472", ""],
        ["Ausweis ", "C01X00T478", ","], ["Personalausweis ", "LZ6311T47", ""]]
    misses ["Personalausweis LZ6311T476", "LZ6311T475", "Ausweis AEIOU1234", "Ausweis LZ6311T4755"];

    "pii/de-passport" "DE_PASSPORT"
    "the serial number of a German passport, with or without its check digit, behind its words (ICAO 9303)"
    Forms(&["AXXXXXXXX", "AXXXXXXXX9", "AXXXXXXXX9A"], Some(check::de_document)), CONTEXT,
    ["reisepass", "reisepassnummer", "passnummer", "pass nr", "german passport"]
    hits [["Reisepass ", "C01X00T478", "."], ["Passnummer: ", "C01X00T47", " x"], ["German passport ", "CZ63351X73", ""]]
    misses ["Reisepass C01X00T470", "C01X00T478", "Reisepass C01A00T47"];

    "pii/fr-nir" "FR_NIR"
    "a French social security number (NIR): sex, date, place, serial, key of 97 (INSEE)"
    Forms(&["999999999999999", "999999X99999999", "9 99 99 99 999 999 99", "9 99 99 9X 999 999 99", "9-99-99-99999-999-99",
        "9 99 99 99999 999 99", "9999999999999 99", "999999X999999 99", "9.99.99.99.999.999.99"],
        Some(check::fr_nir)), STRONG,
    ["nir", "sécu", "sécurité sociale", "securite sociale", "numéro de sécurité sociale", "insee", "social security"]
    hits [["NIR ", "2 55 08 14 168 025 38", "."], ["", "255081416802538", ""], ["Corse ", "289042A34216390", ","],
        ["", "2-89-04-78342-163-49", ""]]
    misses ["255081416802539", "2 55 08 14 168 025 39", "278056933908923", "x255081416802538"];

    "pii/fr-tax-number" "FR_TAX_NUMBER"
    "a French tax number (SPI): the rest of ten digits by 511 (DGFiP)"
    Forms(&["9999999999999", "99 99 999 999 999"], Some(check::fr_tax)), GROUPED,
    ["spi", "numéro fiscal", "numero fiscal", "fiscal", "impôts", "impots", "nif", "tax number", "tin"]
    hits [["numéro fiscal : ", "3023217600053", "."], ["", "30 23 217 600 053", ""], ["SPI ", "07 01 987 765 493", ","]]
    misses ["numéro fiscal 3023217600054", "3023217600053", "30 23 217 600 054"];

    "pii/fr-vat" "FR_VAT"
    "a French VAT number: a key of two digits from the SIREN, which passes Luhn (DGFiP)"
    Forms(&["AA99999999999", "AA 99 999999999", "AA99 999 999 999", "AA 99 999 999 999"], Some(check::fr_vat)), STRONG,
    ["tva", "numéro de tva", "vat", "vat number"]
    hits [["TVA ", "FR44732829320", "."], ["", "FR 44 732829320", ""]]
    misses ["FR45732829320", "FR44732829321", "XFR44732829320"];

    "pii/gb-nhs-number" "GB_NHS_NUMBER"
    "an NHS number of England and Wales behind its words: weights 10 to 1, mod 11 (NHS Data Dictionary)"
    Forms(&["9999999999", "999 999 9999", "999-999-9999"], Some(check::gb_nhs)), CONTEXT,
    ["nhs", "nhs number", "nhs no", "national health", "health service", "patient", "patient id"]
    hits [["NHS number: ", "9434765919", "."], ["NHS ", "943 476 5919", " x"], ["\"nhsNumber\": \"", "907-784-4449", "\""]]
    misses ["NHS number 9434765918", "943 476 5919", "9434765919", "unhs 9434765919"];

    "pii/gb-nino" "GB_NINO"
    "a British national insurance number: prefixes that are given out, six digits, A to D (HMRC NIM39110)"
    Forms(&["AA999999A", "AA 99 99 99 A", "AA-99-99-99-A", "AA 999999 A"], Some(check::gb_nino)), GROUPED_HINT,
    ["nino", "ni number", "ni no", "national insurance", "national insurance number"]
    hits [["NI number ", "AB123456C", "."], ["", "AB 12 34 56 C", ""], ["nino=", "ab123456c", "&"], ["it is ", "JG103759A", "."]]
    misses ["BG123456C", "DA123456C", "AB123456E", "XAB123456C", "AO123456C", "QQ 12 34 56 C"];

    "pii/gb-utr" "GB_UTR"
    "a British unique taxpayer reference behind its words (HMRC)"
    Forms(&["9999999999", "99999 99999", "9999999999A", "A9999999999"], Some(check::gb_utr)), CONTEXT,
    ["utr", "unique taxpayer", "unique taxpayer reference", "self assessment", "tax reference"]
    hits [["UTR: ", "1123456789", "."], ["tax reference ", "11234 56789", " x"]]
    misses ["UTR 3419210344", "1123456789"];

    "pii/gb-driving-licence" "GB_DRIVING_LICENCE"
    "a driver number of Great Britain: surname, coded date, initials, check characters (DVLA)"
    Forms(&["AXXXX999999AX9AA", "AXXXX 999999 AX9AA"], Some(check::gb_driver)), STRONG,
    ["driving licence", "driver licence", "driver number", "licence number", "dvla"]
    hits [["licence ", "MORGA657054SM9IJ", "."], ["", "MORGA753116SM9IJ", ""]]
    misses ["MORGA693054SM9IJ", "MORGA657344SM9IJ", "9ORGA657054SM9IJ"];

    "pii/ie-pps" "IE_PPS"
    "an Irish PPS number behind its words: seven digits, check letter, one more letter since 2013 (DSP)"
    Forms(&["9999999A", "9999999AA", "9999999 A"], Some(check::ie_pps)), CONTEXT,
    ["pps", "ppsn", "pps number", "pps no", "personal public service"]
    hits [["PPS ", "1234567FA", "."], ["PPSN: ", "6433435F", " x"]]
    misses ["PPS 1234567GA", "6433435F", "PPS 64334355F"];

    "pii/lu-nin" "LU_NIN"
    "a Luxembourg identification number: date, serial, Luhn and Verhoeff digits (CTIE)"
    Forms(&["9999999999999", "9999 9999 99999", "99999999 99999"], Some(check::lu_nin)), STRONG,
    ["matricule", "matricule nationale", "national id", "identification number"]
    hits [["matricule ", "1985031200008", "."], ["", "1985031200008", ""]]
    misses ["1985031200009", "1985131200008", "matricule 1985031200018"];

    "pii/nl-bsn" "NL_BSN"
    "a Dutch citizen service number behind its words: weights 9 to 2 and -1, mod 11 (RvIG)"
    Forms(&["999999999", "9999.99.999", "9999 99 999"], Some(check::nl_bsn)), CONTEXT,
    ["bsn", "burgerservicenummer", "burger service nummer", "sofinummer", "sofi", "citizen service number"]
    hits [["BSN: ", "111222333", "."], ["burgerservicenummer ", "123456782", " x"], ["{\"bsn\":", "111222333", "}"]]
    misses ["BSN 111222334", "111222333", "absn 111222333", "BSN 0111222333"];

    "pii/nl-passport" "NL_PASSPORT"
    "the number of a Dutch passport or identity card behind its words: the check digit of ICAO 9303, no letter O (RvIG)"
    Forms(&["AAXXXXXX9"], Some(check::nl_document)), CONTEXT,
    ["paspoort", "paspoortnummer", "identiteitskaart", "documentnummer", "dutch passport"]
    hits [["paspoort ", "XR1001R58", "."], ["documentnummer: ", "XR1001R58", ""]]
    misses ["paspoort XR1001R57", "XR1001R58", "paspoort XO1001R58"];
}

//! The Americas.

use super::Read::Forms;
use crate::detect::check::national::americas as check;

kinds! {
    "pii/us-itin" "US_ITIN"
    "a US individual taxpayer number: 9xx and the groups that are given out (IRS)"
    Forms(&["999-99-9999", "999999999", "999 99 9999"], Some(check::us_itin)), JOINED,
    ["itin", "taxpayer identification", "taxpayer id", "tax id"]
    hits [["ITIN ", "912-90-3456", "."], ["", "900-70-1234", ""], ["itin: ", "912903456", ""]]
    misses ["912-93-3456", "812-90-3456", "912903456", "912-90-34567"];

    "pii/us-ein" "US_EIN"
    "a US employer identification number behind its words: a prefix of the IRS and seven digits (IRS)"
    Forms(&["99-9999999", "999999999"], Some(check::us_ein)), CONTEXT,
    ["ein", "fein", "employer identification", "federal tax id", "employer id", "tax id"]
    hits [["EIN ", "12-3456789", "."], ["federal tax ID: ", "91-1144442", ""]]
    misses ["12-3456789", "EIN 07-3456789", "EIN 12-34567890"];

    "pii/us-routing-number" "US_ROUTING_NUMBER"
    "a US bank routing number behind its words: a district of the Federal Reserve, weights 3, 7, 1 (ABA)"
    Forms(&["999999999", "9999-9999-9"], Some(check::us_aba)), CONTEXT,
    ["routing", "routing number", "aba", "rtn", "routing no", "transit number"]
    hits [["routing number ", "021000021", "."], ["ABA: ", "121000248", ""], ["\"routing_number\":\"", "121000248", "\""]]
    misses ["routing number 021000022", "021000021", "routing 000000000"];

    "pii/us-dea" "US_DEA"
    "a registration of the US Drug Enforcement Administration: kind, initial, check digit (DEA)"
    Forms(&["AA9999999"], Some(check::us_dea)), HINT,
    ["dea", "dea number", "dea no", "dea registration"]
    hits [["DEA ", "AB1234563", "."], ["", "FA1111119", ""]]
    misses ["DEA AB1234560", "ZB1234563", "XAB1234563", "ab1234563"];

    "pii/us-npi" "US_NPI"
    "a US national provider identifier behind its words: Luhn with the prefix 80840 (45 CFR 162.406)"
    Forms(&["9999999999"], Some(check::us_npi)), CONTEXT,
    ["npi", "npi number", "national provider", "provider identifier"]
    hits [["NPI: ", "1234567893", "."], ["{\"npi\":", "1234567893", "}"]]
    misses ["NPI 1234567890", "1234567893"];

    "pii/us-mbi" "US_MBI"
    "a US Medicare beneficiary identifier: where digits and letters stand, without S, L, O, I, B and Z (CMS)"
    Forms(&["9AX9AX9AA99", "9AX9-AX9-AA99"], Some(check::us_mbi)), HINT,
    ["mbi", "medicare", "medicare number", "beneficiary"]
    hits [["Medicare ", "1EG4-TE5-MK73", "."], ["", "1EG4-TE5-MK72", ""], ["MBI ", "1EG4TE5MK73", ""]]
    misses ["0EG4-TE5-MK73", "1SG4-TE5-MK73", "1EG4-TE5-MK733"];

    "pii/us-driver-license" "US_DRIVER_LICENSE"
    "a US driver's license behind its words, in the forms of the states (AAMVA)"
    Forms(&["A9999999", "A99999999", "A999999999999", "A99999999999", "99999999", "999999999", "9999999", "AA9999999",
        "AA999999A", "A9999-99999-99999", "A999-9999-9999", "A999-999-99-999-9", "999-999-999"], None), CONTEXT,
    ["driver license", "drivers license", "driver s license", "driver licence", "driver s licence", "driving license",
        "dl", "dl number", "license number"]
    hits [["driver's license ", "D1234567", "."], ["DL: ", "A999-9999-9999", ""], ["\"drivers_license\": \"", "F12345678", "\""]]
    misses ["D1234567", "driver's license D12", "the model driver D1234567x"];

    "pii/us-bank-account" "US_BANK_ACCOUNT"
    "a US bank account number behind its words: 8 to 17 digits, which have nothing to check"
    Forms(&["99999999", "999999999", "9999999999", "99999999999", "999999999999", "9999999999999", "99999999999999",
        "999999999999999", "9999999999999999", "99999999999999999"], None), CONTEXT,
    ["account number", "account no", "bank account", "acct", "acct no", "checking account", "savings account",
        "account num"]
    hits [["account number ", "12345678901", "."], ["\"account_number\":\"", "000123456789", "\""]]
    misses ["12345678901", "account number 1234", "account number 123456789012345678"];

    "pii/ca-sin" "CA_SIN"
    "a Canadian social insurance number: Luhn, no 0 and no 8 at the beginning (Service Canada)"
    Forms(&["999-999-999", "999 999 999", "999999999"], Some(check::ca_sin)), JOINED_HINT,
    ["sin", "sin number", "social insurance", "social insurance number", "nas", "assurance sociale"]
    hits [["SIN ", "130 692 544", "."], ["social insurance number: ", "130692544", ""], ["", "948-584-792", ""]]
    misses ["130-692-545", "130692544", "130 692 544", "SIN 130 692 545"];

    "pii/br-cpf" "BR_CPF"
    "a Brazilian taxpayer number of a person: two check digits (Receita Federal)"
    Forms(&["999.999.999-99", "99999999999", "999999999-99"], Some(check::br_cpf)), JOINED,
    ["cpf", "cadastro de pessoas físicas", "cadastro de pessoas fisicas"]
    hits [["CPF ", "390.533.447-05", "."], ["", "012.345.678-90", ""], ["cpf=", "39053344705", "&"]]
    misses ["390.533.447-06", "39053344705", "111.111.111-11"];

    "pii/br-cnpj" "BR_CNPJ"
    "a Brazilian company number, also with letters: two check digits (Receita Federal)"
    Forms(&["99.999.999/9999-99", "99999999999999", "9X.XXX.XXX/XXXX-99", "99999999/9999-99"], Some(check::br_cnpj)), JOINED,
    ["cnpj", "cadastro nacional"]
    hits [["CNPJ ", "11.222.333/0001-81", "."], ["", "00.623.904/0001-73", ""], ["cnpj ", "11222333000181", ""],
        ["", "12.ABC.345/01DE-35", ""]]
    misses ["11.222.333/0001-82", "11222333000181", "00.000.000/0000-00"];

    "pii/mx-curp" "MX_CURP"
    "a Mexican population registry code: name, date, sex, state, check digit in base 37 (RENAPO)"
    Forms(&["AAAA999999AAAAAAX9"], Some(check::mx_curp)), STRONG,
    ["curp", "clave única", "clave unica"]
    hits [["CURP ", "BOXW310820HNERXN09", "."], ["", "HEGG560427MVZRRL04", ""]]
    misses ["HEGG560427MVZRRL05", "HEGG561327MVZRRL04", "XHEGG560427MVZRRL04"];

    "pii/mx-rfc" "MX_RFC"
    "a Mexican taxpayer code of a person: name, date, homonymy, check digit in base 11 (SAT)"
    Forms(&["AAAA999999XXX", "AAAA-999999-XXX"], Some(check::mx_rfc)), STRONG,
    ["rfc", "registro federal", "contribuyente"]
    hits [["RFC ", "GODE561231GR8", "."], ["", "GODE-561231-GR8", ""]]
    misses ["GODE561231GR7", "GODE561331GR8", "XGODE561231GR8"];

    "pii/ar-cuit" "AR_CUIT"
    "an Argentine tax or labour code: prefix of its kind, weights 5 to 2 and 7 to 2, mod 11 (ARCA)"
    Forms(&["99-99999999-9", "99999999999", "99.99999999.9"], Some(check::ar_cuit)), JOINED,
    ["cuit", "cuil", "clave única", "clave unica"]
    hits [["CUIT ", "20-05536168-2", "."], ["", "20-26756539-3", ""], ["cuil: ", "20267565393", ""]]
    misses ["20-05536168-3", "20055361682", "21-05536168-2"];

    "pii/cl-rut" "CL_RUT"
    "a Chilean RUN or RUT: weights 2 to 7 from the right, mod 11, ten is K (SII)"
    Forms(&["99.999.999-X", "9.999.999-X", "99999999-X", "9999999-X", "99999999X"], Some(check::cl_rut)), JOINED,
    ["rut", "run", "rol único", "rol unico"]
    hits [["RUT ", "12.345.678-5", "."], ["", "12.000.008-K", ""], ["rut=", "76086428-5", "&"]]
    misses ["12.345.678-6", "123456785", "11.111.111-1", "12.345.678-55"];

    "pii/co-nit" "CO_NIT"
    "a Colombian tax number: primes from the right, mod 11 (DIAN)"
    Forms(&["999.999.999-9", "999999999-9", "9999999999"], Some(check::co_nit)), JOINED_HINT,
    ["nit", "número de identificación tributaria", "identificación tributaria", "tributaria"]
    hits [["NIT ", "800.197.268-4", "."], ["", "213.123.432-1", ""], ["nit: ", "800197268-4", ""]]
    misses ["NIT 800.197.268-5", "8001972684"];

    "pii/pe-ruc" "PE_RUC"
    "a Peruvian taxpayer number behind its words: prefix of its kind, mod 11 (SUNAT)"
    Forms(&["99999999999"], Some(check::pe_ruc)), CONTEXT,
    ["ruc", "registro único", "registro unico", "contribuyente"]
    hits [["RUC ", "20131312955", "."], ["ruc: ", "10456789124", ""]]
    misses ["RUC 20131312956", "20131312955"];

    "pii/ec-cedula" "EC_CEDULA"
    "an Ecuadorian identity card behind its words: province, kind, Luhn (Registro Civil)"
    Forms(&["9999999999", "999999999-9"], Some(check::ec_cedula)), CONTEXT,
    ["cédula", "cedula", "ci", "c i", "cédula de identidad", "identidad"]
    hits [["cédula ", "1714307103", "."], ["cedula: ", "171430710-3", ""]]
    misses ["cédula 1714307104", "1714307103", "cédula 3114307103"];

    "pii/uy-ci" "UY_CI"
    "a Uruguayan identity card: weights 2, 9, 8, 7, 6, 3, 4, mod 10 (DNIC)"
    Forms(&["9.999.999-9", "9999999-9", "99999999"], Some(check::uy_ci)), JOINED_HINT,
    ["cédula", "cedula", "ci", "c i", "documento de identidad"]
    hits [["CI ", "1.234.567-2", "."], ["cédula ", "3456789-4", ""]]
    misses ["CI 1.234.567-3", "12345672"];

    "pii/do-cedula" "DO_CEDULA"
    "a Dominican identity card: Luhn over eleven digits (JCE)"
    Forms(&["999-9999999-9", "99999999999"], Some(check::do_cedula)), JOINED,
    ["cédula", "cedula", "identidad y electoral"]
    hits [["cédula ", "224-0002211-1", "."], ["", "001-1391820-5", ""]]
    misses ["224-0002211-2", "22400022111"];
}

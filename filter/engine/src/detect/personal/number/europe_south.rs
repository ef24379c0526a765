//! Spain, Portugal, Italy, Greece, the states of former Yugoslavia, Romania, Bulgaria, Turkey.

use super::Read::Forms;
use crate::detect::check::national::{self, europe_south as check};

kinds! {
    "pii/es-nif" "ES_NIF"
    "a Spanish DNI with its letter: the rest of the number by 23 (Ministerio del Interior)"
    Forms(&["99999999A", "99999999-A", "99.999.999-A", "99999999 A", "99.999.999 A"], Some(check::es_nif)), JOINED,
    ["dni", "nif", "documento nacional", "documento de identidad", "identidad", "national id"]
    hits [["DNI: ", "12345678Z", "."], ["", "12345678-Z", ""], ["", "12.345.678-Z", " x"], ["\"dni\":\"", "12345678z", "\""]]
    misses ["DNI 12345678A", "12345678Z", "12345678-A", "912345678-Z", "12345678-Za"];

    "pii/es-nie" "ES_NIE"
    "a Spanish number for foreigners: X, Y or Z, seven digits, the letter of the DNI (Ministerio del Interior)"
    Forms(&["A9999999A", "A-9999999-A", "A9999999-A", "A-9999999A"], Some(check::es_nie)), STRONG,
    ["nie", "extranjero", "número de identidad de extranjero", "foreigner"]
    hits [["NIE ", "X1234567L", "."], ["", "X-1234567-L", ""], ["es ", "Z1234567R", ","]]
    misses ["X1234567M", "W1234567L", "XX1234567L", "X-1234567-M"];

    "pii/es-nuss" "ES_NUSS"
    "a Spanish social security number: province, number, the rest by 97 (Seguridad Social)"
    Forms(&["999999999999", "99 99999999 99", "99/99999999/99", "99-99999999-99", "99 9999999999"], Some(check::es_nuss)),
    JOINED,
    ["seguridad social", "nuss", "naf", "nss", "afiliación", "afiliacion", "social security"]
    hits [["NUSS ", "281234567840", "."], ["", "28/12345678/40", ""], ["seguridad social: ", "28 12345678 40", " x"]]
    misses ["NUSS 281234567841", "281234567840", "28/12345678/41"];

    "pii/pt-nif" "PT_NIF"
    "a Portuguese taxpayer number behind its words: weights 9 to 2, mod 11 (Autoridade Tributária)"
    Forms(&["999999999", "999 999 999", "999.999.999"], Some(check::pt_nif)), CONTEXT,
    ["nif", "contribuinte", "número de contribuinte", "nipc", "número fiscal", "tax number"]
    hits [["NIF ", "501964843", "."], ["contribuinte n.º ", "501 964 843", " x"]]
    misses ["NIF 501964844", "501964843", "501 964 843"];

    "pii/it-codice-fiscale" "IT_CODICE_FISCALE"
    "an Italian fiscal code: name, date, place, check letter, also with letters in the place of digits (DM 23 December 1976)"
    Forms(&["AAAAAAXXAXXAXXXA", "AAAAAA XXAXX AXXXA", "AAAAAAXXAXX-AXXXA"],
        Some(check::it_codice_fiscale)), STRONG,
    ["codice fiscale", "cf", "c f", "fiscal code"]
    hits [["CF ", "RSSMRA85T10A562S", "."], ["", "MRTMTT91D08F205J", ""], ["cf: ", "mrtmtt91d08f205j", " x"]]
    misses ["RSSMRA85T10A562T", "MRTMTT91D08F205V", "XRSSMRA85T10A562S", "rssmra85t10a562s"];

    "pii/it-partita-iva" "IT_PARTITA_IVA"
    "an Italian VAT number behind its words: Luhn over eleven digits (Agenzia delle Entrate)"
    Forms(&["99999999999", "AA99999999999", "AA 99999999999"], Some(check::it_partita_iva)), CONTEXT,
    ["partita iva", "p iva", "piva", "iva", "vat", "vat number"]
    hits [["P.IVA ", "00743110157", "."], ["partita IVA: ", "IT00743110157", ""]]
    misses ["P.IVA 00743110158", "00743110157", "FR00743110157"];

    "pii/gr-amka" "GR_AMKA"
    "a Greek social security number behind its words: date and Luhn (EFKA)"
    Forms(&["99999999999", "999999 99999", "999999-99999"], Some(check::gr_amka)), CONTEXT,
    ["amka", "αμκα", "α μ κ α", "social security"]
    hits [["AMKA ", "01013099997", "."], ["ΑΜΚΑ: ", "01013099997", ""]]
    misses ["AMKA 01013099998", "01013099997", "AMKA 01133099997"];

    "pii/gr-afm" "GR_AFM"
    "a Greek tax number behind its words: powers of two, mod 11 (AADE)"
    Forms(&["999999999"], Some(check::gr_afm)), CONTEXT,
    ["afm", "αφμ", "α φ μ", "tax number", "vat"]
    hits [["AFM ", "094259216", "."], ["ΑΦΜ: ", "982603151", ""]]
    misses ["AFM 094259217", "094259216"];

    "pii/hr-oib" "HR_OIB"
    "a Croatian personal identification number behind its words: ISO 7064 mod 11,10 (Porezna uprava)"
    Forms(&["99999999999"], Some(national::mod_11_10)), CONTEXT,
    ["oib", "osobni identifikacijski broj", "osobni"]
    hits [["OIB: ", "33392005961", "."], ["{\"oib\":\"", "33392005961", "\"}"]]
    misses ["OIB 33392005962", "33392005961"];

    "pii/si-emso" "SI_EMSO"
    "a Slovenian citizen number behind its words: date, region 5x, serial, check digit (Centralni register prebivalstva)"
    Forms(&["9999999999999"], Some(check::si_emso)), CONTEXT,
    ["emšo", "emso", "enotna matična"]
    hits [["EMŠO ", "0101006500006", "."], ["emso=", "0101006500006", "&"]]
    misses ["EMŠO 0101006500007", "0101006500006"];

    "pii/rs-jmbg" "RS_JMBG"
    "a citizen number of Serbia, Bosnia, Montenegro or North Macedonia behind its words: date, region, serial, check digit"
    Forms(&["9999999999999"], Some(check::jmbg)), CONTEXT,
    ["jmbg", "јмбг", "матични број", "matični broj", "maticni broj"]
    hits [["JMBG ", "0101990710008", "."], ["ЈМБГ: ", "0101990710008", ""]]
    misses ["JMBG 0101990710009", "0101990710008", "JMBG 0113990710008"];

    "pii/ro-cnp" "RO_CNP"
    "a Romanian personal code behind its words: sex, date, county, check digit (OUG 97/2005)"
    Forms(&["9999999999999"], Some(check::ro_cnp)), CONTEXT,
    ["cnp", "cod numeric personal", "cod numeric", "personal code"]
    hits [["CNP ", "1800101221144", "."], ["cod numeric personal: ", "1800101221144", ""]]
    misses ["CNP 1800101221145", "1800101221144", "CNP 1801301221144"];

    "pii/bg-egn" "BG_EGN"
    "a Bulgarian citizen number behind its words: date, serial, check digit (GRAO)"
    Forms(&["9999999999"], Some(check::bg_egn)), CONTEXT,
    ["егн", "egn", "единен граждански номер", "граждански номер"]
    hits [["ЕГН ", "7523169263", "."], ["EGN: ", "8032056031", ""]]
    misses ["EGN 7523169264", "7523169263"];

    "pii/tr-tckn" "TR_TCKN"
    "a Turkish identification number: eleven digits of which the last two are computed (NVİ)"
    Forms(&["99999999999"], Some(check::tr_tckn)), HINT,
    ["tckn", "tc kimlik", "t c kimlik", "kimlik no", "kimlik numarası", "kimlik", "tc no", "turkish id"]
    hits [["TC kimlik ", "10000000146", "."], ["TCKN: ", "36493665440", ""], ["", "76543210794", ""]]
    misses ["TC kimlik 10000000147", "0000000014", "TCKN 36493665441"];
}

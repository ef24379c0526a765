//! The Nordic and Baltic states, Poland, Czechia, Slovakia, Hungary, Ukraine, Russia and Kazakhstan.

use super::Read::Forms;
use crate::detect::check::national::europe_north as check;

kinds! {
    "pii/dk-cpr" "DK_CPR"
    "a Danish CPR number: date and serial, with the mod 11 check of numbers from before October 2007 (CPR-kontoret)"
    Forms(&["999999-9999", "9999999999", "999999 9999"], Some(check::dk_cpr_checked)), JOINED_HINT,
    ["cpr", "cpr nr", "cpr nummer", "cprnr", "personnummer", "civil registration"]
    hits [["CPR ", "070761-4285", "."], ["cpr-nummer: ", "0707614285", ""], ["", "211062-5629", ""]]
    misses ["CPR 071361-4285", "070761-4286", "0707614285"];

    "pii/dk-cpr-new" "DK_CPR"
    "a Danish CPR number of since October 2007 behind its words: a date is all there is to check (CPR-kontoret)"
    Forms(&["999999-9999", "9999999999", "999999 9999"], Some(check::dk_cpr)), CONTEXT,
    ["cpr", "cpr nr", "cpr nummer", "cprnr", "civil registration"]
    hits [["CPR ", "010108-1234", "."], ["cpr: ", "0101081234", ""]]
    misses ["CPR 011308-1234", "010108-1234", "0101081234"];

    "pii/no-fodselsnummer" "NO_FODSELSNUMMER"
    "a Norwegian national identity number or D-number: date and two check digits (Skatteetaten)"
    Forms(&["99999999999", "999999 99999", "999999-99999"], Some(check::no_fodselsnummer)), STRONG,
    ["fødselsnummer", "fodselsnummer", "personnummer", "fnr", "d nummer", "national identity number"]
    hits [["fødselsnummer ", "15108695088", "."], ["", "01019000083", ""], ["", "151086 95088", ""]]
    misses ["fnr 15108695089", "15108695089", "15138695088"];

    "pii/se-personnummer" "SE_PERSONNUMMER"
    "a Swedish personal or coordination number: date and Luhn (Skatteverket SKV 704)"
    Forms(&["999999-9999", "99999999-9999", "9999999999", "999999999999"], Some(check::se_personnummer)), JOINED,
    ["personnummer", "person nummer", "pnr", "samordningsnummer", "personal identity number"]
    hits [["personnummer ", "811228-9874", "."], ["", "19811228-9874", ""], ["pnr: ", "8112289874", ""], ["", "811228-9874", ""]]
    misses ["811228-9875", "8112289874", "personnummer 811328-9874", "811338-9874"];

    "pii/fi-hetu" "FI_HETU"
    "a Finnish personal identity code: date, sign of the century, serial, the rest by 31 (DVV)"
    Forms(&["999999-999X", "999999A999X"], Some(check::fi_hetu)), STRONG,
    ["hetu", "henkilötunnus", "henkilotunnus", "sotu", "personbeteckning", "personal identity code"]
    hits [["HETU ", "131052-308T", "."], ["", "010101-0101", ""], ["tunnus ", "111111-111C", ","]]
    misses ["131052-308U", "010101-0102", "131352-308T", "131052G308T"];

    "pii/ee-isikukood" "EE_ISIKUKOOD"
    "an Estonian personal code behind its words: century and sex, date, serial, check in two steps (EVS 585)"
    Forms(&["99999999999"], Some(check::ee_lt_code)), CONTEXT,
    ["isikukood", "isiku kood", "personal code", "ik"]
    hits [["isikukood ", "37605030299", "."], ["isikukood: ", "49305050799", ""]]
    misses ["isikukood 37605030298", "37605030299"];

    "pii/lt-asmens-kodas" "LT_ASMENS_KODAS"
    "a Lithuanian personal code behind its words: century and sex, date, serial, check in two steps (Registrų centras)"
    Forms(&["99999999999"], Some(check::ee_lt_code)), CONTEXT,
    ["asmens kodas", "asmens kodo", "asmens"]
    hits [["asmens kodas ", "33309240064", "."], ["asmens kodas: ", "38703181745", ""]]
    misses ["asmens kodas 33309240065", "33309240064"];

    "pii/lv-personas-kods" "LV_PERSONAS_KODS"
    "a Latvian personal code of before July 2017: date, serial, check digit (PMLP)"
    Forms(&["999999-99999", "99999999999"], Some(check::lv_code)), JOINED,
    ["personas kods", "personas kodu", "pers kods", "personas"]
    hits [["personas kods ", "161175-19997", "."], ["", "121282-11210", ""]]
    misses ["161175-19998", "16117519997", "personas kods 161375-19997"];

    "pii/is-kennitala" "IS_KENNITALA"
    "an Icelandic identification number: date, serial, check digit, century (Þjóðskrá)"
    Forms(&["999999-9999", "9999999999"], Some(check::is_kennitala)), JOINED_HINT,
    ["kennitala", "kennitölu", "kt"]
    hits [["kennitala ", "120174-2159", "."], ["kt. ", "1201742079", ""]]
    misses ["kennitala 120174-2169", "1201742159", "121374-2159"];

    "pii/pl-pesel" "PL_PESEL"
    "a Polish PESEL number behind its words: date with the century in its month, serial, check digit"
    Forms(&["99999999999"], Some(check::pl_pesel)), CONTEXT,
    ["pesel", "numer pesel", "nr pesel", "numer ewidencyjny"]
    hits [["PESEL ", "44051401359", "."], ["pesel: ", "02070803628", ""]]
    misses ["PESEL 44051401358", "44051401359", "PESEL 44131401359"];

    "pii/pl-nip" "PL_NIP"
    "a Polish tax number: weights 6, 5, 7, 2 to 7, mod 11 (Ministerstwo Finansów)"
    Forms(&["9999999999", "999-999-99-99", "999-99-99-999", "AA9999999999"], Some(check::pl_nip)), JOINED,
    ["nip", "numer nip", "podatnik", "podatkowy", "tax number"]
    hits [["NIP ", "8333290827", "."], ["", "833-329-08-27", ""], ["NIP: ", "106-00-00-062", ""]]
    misses ["NIP 8333290828", "8333290827", "833-329-08-28"];

    "pii/cz-birth-number" "CZ_BIRTH_NUMBER"
    "a Czech or Slovak birth number: date with the sex in its month, serial, check digit since 1954 (Act 133/2000)"
    Forms(&["999999/9999", "999999/999", "9999999999"], Some(check::cz_rodne_cislo)), JOINED,
    ["rodné číslo", "rodne cislo", "rodného čísla", "r č", "rč", "birth number"]
    hits [["rodné číslo ", "710319/2745", "."], ["", "680911/5566", ""], ["RČ: ", "7103192745", ""]]
    misses ["710319/2746", "7103192745", "rodné číslo 711319/2745", "rodné číslo 990911/645"];

    "pii/hu-tax-id" "HU_TAX_ID"
    "a Hungarian tax identifier of a person behind its words: 8, weights 1 to 9, mod 11 (NAV)"
    Forms(&["9999999999"], Some(check::hu_tax)), CONTEXT,
    ["adóazonosító", "adóazonosító jel", "adoazonosito", "adoazonosito jel", "adószám", "tax id"]
    hits [["adóazonosító jel: ", "8071592153", "."], ["adoazonosito ", "8071592153", ""]]
    misses ["adóazonosító 8071592154", "8071592153"];

    "pii/ua-rnokpp" "UA_RNOKPP"
    "a Ukrainian taxpayer number behind its words: weights -1, 5, 7, 9, 4, 6, 10, 5, 7, mod 11 (DPS)"
    Forms(&["9999999999"], Some(check::ua_rnokpp)), CONTEXT,
    ["рнокпп", "ідентифікаційний код", "ідентифікаційний номер", "іпн", "rnokpp", "ipn"]
    hits [["РНОКПП ", "3184710691", "."], ["ІПН: ", "1759013776", ""]]
    misses ["РНОКПП 3184710692", "3184710691"];

    "pii/ru-snils" "RU_SNILS"
    "a Russian pension insurance number: weights 9 to 1, mod 101 (SFR)"
    Forms(&["999-999-999 99", "999-999-999-99", "99999999999"], Some(check::ru_snils)), JOINED,
    ["снилс", "snils", "пенсионное страхование"]
    hits [["СНИЛС ", "112-233-445 95", "."], ["", "112-233-445 95", ""], ["snils=", "11223344595", "&"]]
    misses ["112-233-445 96", "11223344595", "СНИЛС 112-233-445 94"];

    "pii/ru-inn" "RU_INN"
    "a Russian taxpayer number of a person behind its words: two check digits (FNS)"
    Forms(&["999999999999"], Some(check::ru_inn)), CONTEXT,
    ["инн", "inn", "налогоплательщик"]
    hits [["ИНН ", "500100732259", "."], ["INN: ", "770100000079", ""]]
    misses ["ИНН 500100732258", "500100732259"];

    "pii/kz-iin" "KZ_IIN"
    "an individual identification number of Kazakhstan behind its words: date, century, serial, check in two steps"
    Forms(&["999999999999"], Some(check::kz_iin)), CONTEXT,
    ["иин", "жсн", "iin"]
    hits [["ИИН ", "850312350009", "."], ["IIN: ", "850312350009", ""]]
    misses ["ИИН 850312350008", "850312350009", "ИИН 851312350009"];
}

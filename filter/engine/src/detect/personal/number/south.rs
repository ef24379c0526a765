//! Africa, Australia and New Zealand.

use super::Read::Forms;
use crate::detect::check::national::south as check;

kinds! {
    "pii/au-abn" "AU_ABN"
    "an Australian business number: the first digit less one, mod 89 (ABR)"
    Forms(&["99 999 999 999", "99999999999", "99-999-999-999"], Some(check::au_abn)), GROUPED,
    ["abn", "australian business number"]
    hits [["ABN ", "51 824 753 556", "."], ["", "83 914 571 673", ""], ["abn=", "51824753556", "&"]]
    misses ["51 824 753 557", "51824753556", "ABN 51 824 753 557"];

    "pii/au-acn" "AU_ACN"
    "an Australian company number behind its words: weights 8 to 1, mod 10 (ASIC)"
    Forms(&["999 999 999", "999999999"], Some(check::au_acn)), CONTEXT,
    ["acn", "australian company number"]
    hits [["ACN ", "004 085 616", "."], ["acn: ", "004085616", ""]]
    misses ["ACN 004 085 617", "004 085 616"];

    "pii/au-medicare" "AU_MEDICARE"
    "an Australian Medicare card number behind its words: weights 1, 3, 7, 9, mod 10 (Services Australia)"
    Forms(&["9999 99999 9", "9999999999", "9999-99999-9"], Some(check::au_medicare)), CONTEXT,
    ["medicare", "medicare card", "medicare number", "medicare no"]
    hits [["Medicare ", "2123 45670 1", "."], ["medicare number: ", "2123456701", ""]]
    misses ["Medicare 2123 45671 1", "2123456701"];

    "pii/au-tfn" "AU_TFN"
    "an Australian tax file number behind its words: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, mod 11 (ATO)"
    Forms(&["999 999 999", "999-999-999", "999999999", "99999999", "99 999 999"], Some(check::au_tfn)), CONTEXT,
    ["tfn", "tax file number", "tax file"]
    hits [["TFN ", "907 974 668", "."], ["tax file number: ", "565051603", ""], ["tfn ", "37118660", ""]]
    misses ["TFN 907 974 669", "907 974 668", "907974668"];

    "pii/nz-ird" "NZ_IRD"
    "a New Zealand tax number behind its words: two sets of weights, mod 11 (Inland Revenue)"
    Forms(&["99-999-999", "999-999-999", "99999999", "999999999"], Some(check::nz_ird)), CONTEXT,
    ["ird", "ird number", "ird no", "inland revenue"]
    hits [["IRD ", "49-091-850", "."], ["IRD number: ", "136410132", ""]]
    misses ["IRD 49-091-851", "49-091-850"];

    "pii/nz-nhi" "NZ_NHI"
    "a New Zealand health index number behind its words: three letters, four digits, mod 11 (HISO 10046)"
    Forms(&["AAA9999"], Some(check::nz_nhi)), CONTEXT,
    ["nhi", "nhi number", "national health index", "patient"]
    hits [["NHI ", "ZZZ0016", "."], ["nhi: ", "JBX3656", ""]]
    misses ["NHI ZZZ0017", "ZZZ0016", "NHI ZIZ0016"];

    "pii/za-id" "ZA_ID"
    "a South African identity number: date, citizenship, Luhn (Department of Home Affairs)"
    Forms(&["9999999999999", "999999 9999 999", "999999 9999 99 9"], Some(check::za_id)), GROUPED_HINT,
    ["id number", "identity number", "south african id", "sa id", "id nommer"]
    hits [["ID number ", "8001015009087", "."], ["", "800101 5009 087", ""]]
    misses ["ID number 8001015009086", "8013015009087", "ID number 8001015009887"];

    "pii/ng-nin" "NG_NIN"
    "a Nigerian identity number behind its words: Verhoeff over eleven digits (NIMC)"
    Forms(&["99999999999", "9999 999 9999"], Some(check::ng_nin)), CONTEXT,
    ["nin", "nimc", "national identification number", "national identity number"]
    hits [["NIN ", "65012345677", "."], ["national identification number: ", "65012345677", ""]]
    misses ["NIN 65012345678", "65012345677"];
}

//! Numbers that are the same everywhere.

use super::Read::{Forms, Own};
use super::own;
use crate::detect::check::national::world as check;

kinds! {
    "pii/phone" "PHONE"
    "a telephone number with its country code: a code of ITU-T E.164 and as many digits as its numbering plan has"
    Own(own::international, 32), STRONG,
    []
    hits [["call ", "+1 415 555 2671", "."], ["tel:", "+442079460958", ""], ["", "+49 (0)30 901820", ", x"],
        ["", "+33 6 12 34 56 78", ""], ["", "+86 138 1234 5678", ""], ["WhatsApp ", "+55 11 91234-5678", "!"]]
    misses ["+1 115 555 2671", "+999 123 456 789", "1+4155552671", "+44 20", "+4111111111111111", "+0123456789"];

    "pii/phone-national" "PHONE"
    "a telephone number without its country code behind its words, or in the form of North America (NANP)"
    Own(own::national, 32), STRONG,
    ["phone", "phone number", "telephone", "tel", "mobile", "mobile number", "cell", "cellphone", "call me", "call", "fax",
        "whatsapp", "sms", "contact number", "telefon", "telefonnummer", "handy", "handynummer", "rufnummer", "mobil",
        "téléphone", "portable", "teléfono", "telefono", "móvil", "celular", "cellulare", "telefone", "telemóvel",
        "telefoon", "gsm", "puhelin", "телефон", "тел", "моб", "电话", "手机", "電話", "携帯", "전화", "휴대폰", "هاتف", "फोन",
        "no hp", "sđt", "điện thoại"]
    hits [["phone ", "030 901820", "."], ["tel. ", "06 12 34 56 78", ","], ["mobile: ", "07700 900123", ""],
        ["", "(415) 555-2671", ""], ["call ", "415-555-2671", "!"], ["\"phone\": \"", "4155552671", "\""],
        ["电话：", "138 1234 5678", "。"]]
    misses ["030 901820", "07700900123", "phone 12", "phone 415-555-2671-1234", "phone 1111111", "mobile 2020-2023", "phone v4155552671"];

    "pii/ip-address" "IP_ADDRESS"
    "an IPv4 address or a global IPv6 address (RFC 791, RFC 4291); inside networks and short ones are worth less"
    Own(own::ip_address, 41), STRONG,
    ["ip", "ip address", "ip addr", "ipv4", "ipv6", "client ip", "remote addr", "adresse ip", "ip adresse", "host",
        "x forwarded for"]
    hits [["from ", "203.0.113.42", "."], ["", "192.168.1.17", ":8080"], ["ip=", "8.8.8.8", "&"],
        ["at ", "2001:db8:85a3::8a2e:370:7334", ","], ["", "198.51.100.23", "/24"]]
    misses ["1.2.3.4", "version 203.0.113.42", "256.1.1.1", "127.0.0.1", "203.0.113.42.7", "v203.0.113.42", "2024:12:01",
        "0.0.0.0", "203.0.113.0", "0.221.109.14", "pip==26.10.112.12"];

    "pii/mac-address" "MAC_ADDRESS"
    "a MAC address in six pairs with colons or dashes (IEEE 802)"
    Own(own::mac_address, 19), STRONG,
    ["mac", "mac address", "mac addr", "hwaddr", "ethernet", "bssid"]
    hits [["mac ", "00:1B:44:11:3A:B7", "."], ["", "aa:bb:cc:1d:2e:3f", ""], ["", "00-1B-44-11-3A-B7", ""]]
    misses ["00:1B:44:11:3A", "00:1B:44:11:3A:B7:01", "00:1B-44:11:3A:B7", "00:00:00:00:00:00", "x00:1B:44:11:3A:B7"];

    "pii/coordinates" "COORDINATES"
    "latitude and longitude in decimal degrees with four digits or more behind the point, behind their words (ISO 6709)"
    Own(own::coordinates, 44), STRONG,
    ["lat", "latitude", "lon", "lng", "longitude", "lat lng", "lat lon", "coordinates", "coords", "coordinate", "gps",
        "location", "geo", "geolocation", "koordinaten", "coordonnées", "coordenadas", "coordinate gps", "координаты", "坐标"]
    hits [["GPS: ", "48.8583, 2.2945", "."], ["coordinates ", "-33.8688,151.2093", ""], ["\"latitude\": ", "52.520008", ","],
        ["location (", "40.7128, -74.0060", ")"]]
    misses ["48.8583, 2.2945", "GPS 48.85, 2.29", "latitude 248.8583", "lat v48.8583", "GPS 1.48.8583"];

    "pii/date-of-birth" "DATE_OF_BIRTH"
    "a calendar date behind words that say that somebody was born, in figures or with the month's name"
    Own(own::date_of_birth, own::DATE), STRONG,
    ["dob", "d o b", "date of birth", "birth date", "birthdate", "birthday", "birth", "born", "born on", "geboren",
        "geburtsdatum", "geburtstag", "geb", "né le", "née le", "date de naissance", "naissance", "nacimiento",
        "fecha de nacimiento", "nacido", "nacida", "data di nascita", "nascita", "nato il", "nata il", "nascimento",
        "data de nascimento", "geboortedatum", "fødselsdato", "födelsedatum", "syntymäaika", "data urodzenia",
        "datum narození", "születési", "doğum tarihi", "дата рождения", "родился", "родилась", "生年月日", "出生日期",
        "생년월일", "تاريخ الميلاد", "जन्म तिथि", "tanggal lahir", "ngày sinh", "วันเกิด"]
    hits [["DOB ", "1985-03-12", "."], ["date of birth: ", "12/03/1985", ""], ["geboren am ", "12.03.1985", ","],
        ["born ", "12 March 1985", " in"], ["born on ", "March 12, 1985", "."], ["\"dob\": \"", "1985-03-12", "T00:00\""],
        ["né le ", "3 juin 1985", ""], ["nacida el ", "12 de marzo de 1985", "."], ["生年月日 ", "1985/3/12", ""]]
    misses ["1985-03-12", "DOB 1985-13-12", "born 12/34/1985", "released 12 March 1985", "DOB 1985-03", "stubborn 1985-03-12",
        "born in 1985"];

    "pii/vin" "VIN"
    "a vehicle identification number with the check digit of North America (ISO 3779, 49 CFR 565.15)"
    Forms(&["XXXXXXXXXXXXXXXXX"], Some(check::vin_checked)), HINT,
    ["vin", "vehicle identification", "chassis", "vehicle id", "fahrgestellnummer", "châssis", "bastidor", "telaio"]
    hits [["VIN ", "1HGCM82633A004352", "."], ["", "1M8GDM9AXKP042788", ""]]
    misses ["1HGCM82633A004353", "1HGCM82633A00435", "1HGCM82633O004352", "x1HGCM82633A004352"];

    "pii/vin-unchecked" "VIN"
    "a vehicle identification number of other regions behind its words, which has no check digit (ISO 3779)"
    Forms(&["XXXXXXXXXXXXXXXXX"], Some(check::vin)), CONTEXT,
    ["vin", "vehicle identification", "chassis", "fahrgestellnummer", "châssis", "bastidor", "telaio", "fin"]
    hits [["VIN ", "WVWZZZ1JZ3W386752", "."], ["Fahrgestellnummer: ", "WVWZZZ1JZ3W386752", ""]]
    misses ["WVWZZZ1JZ3W386752", "VIN WVWZZZ1JZ3W38675"];

    "pii/imei" "IMEI"
    "the number of a mobile device behind its words: a reporting body, Luhn (3GPP TS 23.003)"
    Forms(&["999999999999999", "99-999999-999999-9", "99 999999 999999 9"], Some(check::imei)), CONTEXT,
    ["imei", "imei1", "imei2", "device id", "handset"]
    hits [["IMEI ", "490154203237518", "."], ["imei: ", "35-693803-564380-9", ""]]
    misses ["IMEI 490154203237519", "490154203237518"];

    "pii/iccid" "ICCID"
    "the number of a SIM card behind its words: 89, Luhn (ITU-T E.118)"
    Forms(&["9999999999999999999", "99999999999999999999"], Some(check::iccid)), CONTEXT,
    ["iccid", "sim", "sim card", "sim number"]
    hits [["ICCID ", "8910042348144559361", "."], ["SIM card: ", "8949020000102756406", ""]]
    misses ["ICCID 8910042348144559362", "8910042348144559361"];

    "pii/bitcoin-address" "BITCOIN_ADDRESS"
    "a Bitcoin address: base58 with its checksum, or bech32 and bech32m (BIP 173, BIP 350)"
    Own(own::bitcoin, own::ADDRESS), STRONG,
    ["bitcoin", "btc", "wallet"]
    hits [["pay ", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "."], ["", "3P14159f73E4gFr7JterCCQh9QjiTjiZrG", ""],
        ["to ", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ","],
        ["", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", ""]]
    misses ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
        "x1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8F3T4"];

    "pii/litecoin-address" "LITECOIN_ADDRESS"
    "a Litecoin address: base58 with its checksum, or bech32 (litecoin-core chainparams)"
    Own(own::litecoin, own::ADDRESS), STRONG,
    ["litecoin", "ltc", "wallet"]
    hits [["", "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9", ""]]
    misses ["LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH8"];

    "pii/tron-address" "TRON_ADDRESS"
    "a Tron address: base58 with its checksum and the version 0x41 (TRON protocol)"
    Own(own::tron, 35), STRONG,
    ["tron", "trc20", "trx", "wallet"]
    hits [["to ", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "."]]
    misses ["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"];

    "pii/ethereum-address" "ETHEREUM_ADDRESS"
    "an Ethereum address: 0x and forty hexadecimal digits, whose case is checked where it is mixed (EIP-55)"
    Own(own::ethereum, 42), STRONG,
    ["ethereum", "eth", "wallet"]
    hits [["to ", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "."], ["", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", ""],
        ["", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", ""]]
    misses ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0", "0x0000000000000000000000000000000000000000"];

    "pii/passport" "PASSPORT"
    "a passport number behind its words: up to three letters and six to nine digits (ICAO 9303)"
    Forms(&["A9999999", "A99999999", "AA9999999", "AAA999999", "AA999999", "999999999", "A999999", "AA99999", "99AA99999"],
        None), CONTEXT,
    ["passport", "passport number", "passport no", "us passport", "passeport", "pasaporte", "passaporto", "passaporte",
        "paszport", "pasaport", "паспорт", "护照", "護照", "パスポート", "旅券番号", "여권", "جواز السفر", "पासपोर्ट", "paspor", "hộ chiếu"]
    hits [["passport number ", "A12345678", "."], ["passport: ", "533380006", ""], ["护照号 ", "E12345678", "。"],
        ["\"passportNumber\":\"", "XDB123456", "\""]]
    misses ["A12345678", "passport 12", "passport A123456789012", "passports A12345678"];
}

//! Keys of formats that no single vendor owns, and parts of credentials of clouds.

use super::class::{BASE64, HEX, PADDING};
use crate::detect::Anchor::{Name, Prefix};
use crate::detect::Part::{Run, Text};
use crate::detect::declared::{CERTAIN, named, token};
use crate::detect::{Certainty, Class, Detector, check};

const BECH32: Class = Class::of("AC-HJ-NP-Z02-9");
const BASE58: Class = Class::of("1-9A-HJ-NP-Za-km-z");

pub(crate) const FAMILIES: &[Detector] = &[
    token(
        "secret/age-secret-key",
        "AGE_SECRET_KEY",
        "an age identity: `AGE-SECRET-KEY-1` and 58 bech32 characters with a checksum (age specification, BIP 173)",
        &[Prefix("AGE-SECRET-KEY-1")],
        &[Run(BECH32, 58, 58)],
        Certainty::Checked(check::bech_32),
    ),
    token(
        "secret/extended-private-key",
        "EXTENDED_PRIVATE_KEY",
        "an extended private key of a wallet: `xprv`, `yprv`, `zprv` or `tprv` and 107 base58 characters (BIP 32, SLIP 132)",
        &[Prefix("xprv"), Prefix("yprv"), Prefix("zprv"), Prefix("tprv")],
        &[Run(BASE58, 107, 108)],
        CERTAIN,
    ),
    named(
        "secret/ethereum-private-key",
        "ETHEREUM_PRIVATE_KEY",
        "the private key of an Ethereum account: `0x` and 64 hexadecimal digits behind `private_key` (Ethereum documentation)",
        &[Name("private_key"), Name("privatekey")],
        &[Text("0x"), Run(HEX, 64, 64)],
    ),
    named(
        "secret/gcp-private-key-id",
        "GCP_PRIVATE_KEY_ID",
        "the id of the key of a Google Cloud service account: 40 lower-case hexadecimal digits behind `private_key_id` (Google \
         Cloud IAM documentation); the key itself is a private key in PEM",
        &[Name("private_key_id")],
        &[Run(HEX, 40, 40)],
    ),
    named(
        "secret/aws-session-token",
        "AWS_SESSION_TOKEN",
        "the session token of temporary AWS credentials: 100 to 2000 base64 characters behind its name (AWS STS reference)",
        &[Name("session_token"), Name("sessiontoken"), Name("security_token"), Name("x-amz-security-token")],
        &[Run(BASE64, 100, 2000), Run(PADDING, 0, 2)],
    ),
    named(
        "secret/wireguard-key",
        "WIREGUARD_KEY",
        "a WireGuard private or preshared key: 43 base64 characters and `=` behind its name (WireGuard documentation)",
        &[Name("privatekey"), Name("presharedkey"), Name("preshared_key")],
        &[Run(BASE64, 43, 43), Text("=")],
    ),
];

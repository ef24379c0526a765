//! Credentials in the formats their vendors document.
//!
//! Most are a line in one of the tables (`FAMILIES`, by kind of vendor); what needs code of its own has a file of its own.

pub(super) mod ai;
pub(super) mod anthropic_api_key;
pub(super) mod assigned_value;
pub(super) mod atlassian_token;
pub(super) mod authorization_header;
pub(super) mod aws_access_key_id;
pub(super) mod aws_secret_access_key;
pub(super) mod azure;
pub(super) mod azure_sas;
pub(super) mod azure_storage_key;
pub(super) mod chat;
mod class;
pub(super) mod cloud;
pub(super) mod code;
pub(super) mod connection_string;
pub(super) mod data;
pub(super) mod databricks_token;
pub(super) mod github_token;
pub(super) mod gitlab_token;
pub(super) mod grafana_token;
pub(super) mod hosting;
pub(super) mod jwt;
pub(super) mod keys;
pub(super) mod monitoring;
pub(super) mod npm_token;
pub(super) mod openai_api_key;
pub(super) mod payment;
pub(super) mod private_key;
pub(super) mod slack_token;
pub(super) mod slack_webhook;
pub(super) mod telegram_bot_token;
pub(super) mod url_password;
pub(super) mod work;

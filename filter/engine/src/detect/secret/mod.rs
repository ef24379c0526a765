//! Credentials in the formats their vendors document.

pub(super) mod anthropic_api_key;
pub(super) mod atlassian_token;
pub(super) mod aws_access_key_id;
pub(super) mod aws_secret_access_key;
pub(super) mod azure_storage_key;
pub(super) mod databricks_token;
pub(super) mod digitalocean_token;
pub(super) mod github_fine_grained_pat;
pub(super) mod github_token;
pub(super) mod gitlab_token;
pub(super) mod google_api_key;
pub(super) mod google_oauth_client_secret;
pub(super) mod google_oauth_token;
pub(super) mod grafana_token;
pub(super) mod hashicorp_vault_token;
pub(super) mod huggingface_token;
pub(super) mod jwt;
pub(super) mod npm_token;
pub(super) mod openai_api_key;
pub(super) mod private_key;
pub(super) mod pypi_token;
pub(super) mod sendgrid_api_key;
pub(super) mod slack_token;
pub(super) mod slack_webhook;
pub(super) mod stripe_key;
pub(super) mod telegram_bot_token;

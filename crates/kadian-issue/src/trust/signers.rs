//! Adds document signers abroad to the description of a trust list, from their X.509 certificates.

use std::path::PathBuf;

use clap::Args;
use program::{Failure, say};
use serde_json::{Value as Json, json};
use strict_cose::hex;

use crate::clock;
use crate::dsc::{DSC_BYTES, Dsc};
use crate::files;
use crate::trust::description::Description;

/// Add document signers abroad to the description of a trust list
///
/// Reads certificates (DSC; DER, PEM or base64): country, key, algorithm, name (kid), validity, and
/// the kinds that the extended key usage allows. A key that the description has already stays as it
/// is there. Where a certificate came from is not checked: whoever signs the list vouches for it.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    kadian-issue trust show --json trust.cose > trust.json\n  \
    kadian-issue trust dsc --country XS --name-zh 样例国 --name-en 'Sample Country' trust.json signer.pem\n\n\
    Then raise the version in trust.json, and sign it.")]
pub struct DscArgs {
    /// Country of the signers; else the one that each certificate names
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// What their certificates name as their issuer (`iss`), where that is no country code
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Name of the country on the screen in Chinese; else its code
    #[arg(long, value_name = "NAME")]
    name_zh: Option<String>,
    /// Name of the country on the screen in English; else its code
    #[arg(long, value_name = "NAME")]
    name_en: Option<String>,
    /// Region whose checkpoints recognise the signers; may be given several times; else everywhere
    #[arg(long, value_name = "REGION")]
    recognised_by: Vec<String>,
    /// Description of a trust list, as `show --json` writes it; it is changed
    #[arg(value_name = "JSON")]
    description: PathBuf,
    /// Certificates to add
    #[arg(value_name = "FILE", required = true)]
    certificates: Vec<PathBuf>,
}

/// `kadian-issue trust dsc`.
pub fn add(arguments: &DscArgs) -> Result<(), Failure> {
    let mut list = Description::read(&arguments.description)?;
    let mut signers = match list.get("signers") {
        None => Vec::new(),
        Some(Json::Array(signers)) => signers.clone(),
        Some(_) => return Err(list.said("signers: a list is wanted").into()),
    };
    let (mut added, before) = (Vec::new(), signers.len());
    for file in &arguments.certificates {
        let dsc = Dsc::read(&files::read(file, DSC_BYTES)?)
            .map_err(|why| format!("{}: {why}; nothing was written", file.display()))?;
        let signer = signer(arguments, &dsc)
            .ok_or_else(|| format!("{} names no country: --country; nothing was written", file.display()))?;
        if !signers.iter().any(|other| other.get("key") == signer.get("key")) {
            added.push(format!("{} {} {:?}", dsc.kid, signer["country"], dsc.key.algorithm()));
            signers.push(signer);
        }
    }
    list.set("signers", Json::Array(signers));
    list.write()?;
    for line in &added {
        say!("{line}")?;
    }
    say!("{} signers, {} more", before + added.len(), added.len())?;
    Ok(())
}

fn signer(arguments: &DscArgs, dsc: &Dsc) -> Option<Json> {
    let country = arguments.country.as_ref().or(dsc.country.as_ref())?;
    let name = |given: &Option<String>| given.clone().unwrap_or_else(|| country.clone());
    let everywhere = [String::new()];
    let regions = if arguments.recognised_by.is_empty() { &everywhere[..] } else { &arguments.recognised_by };
    let mut signer = json!({
        "country": country,
        "name_zh": name(&arguments.name_zh),
        "name_en": name(&arguments.name_en),
        "kid": dsc.kid.to_string(),
        "alg": dsc.key.algorithm().number(),
        "key": hex::encode(dsc.key.bytes()),
        "usage": dsc.usage.bits(),
        "not_before": clock::rfc3339(dsc.not_before),
        "not_after": clock::rfc3339(dsc.not_after),
        "recognised_by": regions,
    });
    if let Some(issuer) = &arguments.issuer {
        signer["issuer"] = issuer.as_str().into();
    }
    Some(signer)
}

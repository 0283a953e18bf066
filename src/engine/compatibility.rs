//! What machine code depends on besides the module: it is refused where any of it differs.

use super::{Config, Engine};
use serde::{Deserialize, Serialize};

/// What an engine compiles with.
#[derive(PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) struct Compatibility {
    /// Of this crate.
    version: String,
    /// The instruction set.
    isa: String,
    /// The processor's optional features that are used.
    features: Vec<String>,
    /// Everything else, by name.
    settings: Vec<(String, String)>,
}

/// Raised with each change of what compiled code and the runtime know of each other, or of how artifacts are laid out.
const FORMAT: u32 = 13;

impl Compatibility {
    pub fn of(engine: &Engine) -> Compatibility {
        let target = engine.target();
        Compatibility {
            version: format!("{}.{FORMAT}", env!("CARGO_PKG_VERSION")),
            isa: target.name().to_owned(),
            features: target.features().map(str::to_owned).collect(),
            settings: engine.config().compiled_in(),
        }
    }

    /// Whether `engine` can run code that was made with these settings.
    ///
    /// # Errors
    /// If not, with what differs.
    pub fn check(&self, engine: &Engine) -> Result<(), String> {
        let own = Compatibility::of(engine);
        if self.version != own.version {
            return Err(format!("it was compiled by version {}, this is {}", self.version, own.version));
        }
        if self.isa != own.isa {
            return Err(format!("it was compiled for {}, the engine is for {}", self.isa, own.isa));
        }
        if let Some(lacking) = self.features.iter().find(|&feature| !own.features.contains(feature)) {
            return Err(format!("its code uses the processor feature {lacking}, which the engine does not"));
        }
        let differs = self.settings.iter().zip(&own.settings).find(|(a, b)| a != b);
        match differs {
            Some(((name, value), (_, here))) => {
                Err(format!("it was compiled with {name} = {value}, the engine has {here}"))
            }
            None if self.settings.len() != own.settings.len() => Err("it was compiled with other settings".into()),
            None => Ok(()),
        }
    }
}

impl Config {
    /// The settings that compiled code or its use depends on, by name.
    fn compiled_in(&self) -> Vec<(String, String)> {
        let checks = self.checks;
        let named: [(&str, String); 11] = [
            (
                "the features",
                self.features().iter_names().map(|(name, _)| name.to_lowercase()).collect::<Vec<_>>().join("+"),
            ),
            ("memory_reservation", self.memory_reservation.to_string()),
            ("memory_guard_size", self.memory_guard_size.to_string()),
            // Such memories have no guards, so that every access is checked.
            ("with_host_memory", self.memory_creator.0.is_some().to_string()),
            ("epoch_interruption", checks.interrupts.to_string()),
            ("consume_fuel", checks.fuel.to_string()),
            ("mask_indices", checks.mask_indices.to_string()),
            ("branch_protection", checks.landing_pads.to_string()),
            ("relaxed_simd_deterministic", checks.deterministic_vectors.to_string()),
            ("poison_borders", self.poisons().to_string()),
            ("limits", format!("{:?}", self.get_limits())),
        ];
        named.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// What [`Engine::precompile_compatibility_hash`] gives to hash.
struct Hashed(Compatibility);

impl std::hash::Hash for Hashed {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Engine {
    /// Something whose hash is the same for engines of the same version with the same settings for the same target,
    /// which can load what each other serialised ([`Module::serialize`](crate::Module::serialize)). For keys of caches.
    ///
    /// ```
    /// use headwater::{Config, Engine};
    /// use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    /// let hash = |engine: &Engine| {
    ///     BuildHasherDefault::<DefaultHasher>::new().hash_one(engine.precompile_compatibility_hash())
    /// };
    /// let (one, other) = (Engine::default(), Engine::default());
    /// assert_eq!(hash(&one), hash(&other));
    /// assert_ne!(hash(&one), hash(&Engine::new(Config::new().consume_fuel(true))?));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn precompile_compatibility_hash(&self) -> impl std::hash::Hash + '_ {
        Hashed(Compatibility::of(self))
    }
}

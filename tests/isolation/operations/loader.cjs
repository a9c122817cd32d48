/** @type {any} */ (module.constructor)._load("child_process").spawnSync("true");

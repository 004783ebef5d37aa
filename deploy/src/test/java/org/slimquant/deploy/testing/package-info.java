/** Quantized graphs for tests, and their comparison with integer models. */
@NullMarked
package org.slimquant.deploy.testing;

import org.jspecify.annotations.NullMarked;

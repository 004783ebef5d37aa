/** Fixed-point formats, fake quantization and the rerouting of a TensorFlow graph. */
@NullMarked
package org.slimquant.runtime;

import org.jspecify.annotations.NullMarked;

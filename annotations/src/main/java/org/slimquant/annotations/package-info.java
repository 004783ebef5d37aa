/** The annotation with which a user marks the layers of a model for quantization. */
@NullMarked
package org.slimquant.annotations;

import org.jspecify.annotations.NullMarked;

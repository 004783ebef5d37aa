/** The annotation with which a user marks the layers of a model that are to be quantized. */
@NullMarked
package org.slimquant.annotations;

import org.jspecify.annotations.NullMarked;

/**
 * Dropout, recognized in the ops that TensorFlow's layers write. A bias after a dropout is rounded
 * to the grid of the tensor before it, because the deployed model reads that tensor.
 */
@NullMarked
package org.slimquant.runtime.dropout;

import org.jspecify.annotations.NullMarked;

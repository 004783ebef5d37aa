/**
 * Dropout, recognized in the ops that TensorFlow's layers write. A bias after a dropout is rounded
 * to the grid of the tensor before it, because that is what is deployed.
 */
@NullMarked
package org.slimquant.runtime.dropout;

import org.jspecify.annotations.NullMarked;

/** Training of a classifier, and what is measured and checked of a quantized one. */
@NullMarked
package org.slimquant.examples.training;

import org.jspecify.annotations.NullMarked;

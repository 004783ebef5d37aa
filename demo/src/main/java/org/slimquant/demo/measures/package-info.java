/** What is measured and checked of a quantized model, and how it is shown. */
@NullMarked
package org.slimquant.examples.measures;

import org.jspecify.annotations.NullMarked;

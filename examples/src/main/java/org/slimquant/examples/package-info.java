/** What SlimQuant does, as programs to run: the demo, Fashion-MNIST, and TensorFlow's graphs. */
@NullMarked
package org.slimquant.examples;

import org.jspecify.annotations.NullMarked;

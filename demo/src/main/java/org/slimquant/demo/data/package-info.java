/** Labelled images: the digits that come with the examples, and Fashion-MNIST from a folder. */
@NullMarked
package org.slimquant.examples.data;

import org.jspecify.annotations.NullMarked;

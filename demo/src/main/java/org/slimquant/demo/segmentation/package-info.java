/** A network with two outputs, from float to integers: where the item of an image is, and what. */
@NullMarked
package org.slimquant.demo.segmentation;

import org.jspecify.annotations.NullMarked;

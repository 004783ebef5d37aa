/**
 * Labelled images.
 *
 * <ul>
 *   <li>{@code Digits}: the handwritten digits that come with the demo.
 *   <li>{@code FashionMnistFolder}: Fashion-MNIST from a folder, whose files {@code IdxFile} reads.
 *   <li>{@code LabelledImages}: images with their classes, in batches.
 * </ul>
 */
@NullMarked
package org.slimquant.demo.data;

import org.jspecify.annotations.NullMarked;

/**
 * Examples to copy. Each file can be read by itself, from top to bottom.
 *
 * <ul>
 *   <li>{@code first}: the tutorial's model and its program, from floats to integers.
 *   <li>{@code models}: models with annotated layers.
 *   <li>{@code ByHand}: quantization without annotations.
 *   <li>{@code GraphBasics}: several graphs side by side.
 * </ul>
 */
@NullMarked
package org.slimquant.examples;

import org.jspecify.annotations.NullMarked;

/**
 * From an integer model to C99: a header, a source, and a program that tries them.
 *
 * <p>What was decided:
 *
 * <ul>
 *   <li><b>One function for each kind of op and combination of types</b>, called with a constant
 *       {@code struct layer} for each op, and only those that the model needs. A function for each
 *       layer, with its sizes as constants, was between a fifth faster and a half slower on a host
 *       (the inner loop runs over hundreds of products), and would cost code for each layer on a
 *       microcontroller. As it is, a network of two convolutions, two poolings and two dense layers
 *       takes 1.3 KB of code on a Cortex-M4 with -Os.
 *   <li><b>Kernels lie by output channel</b>, each a row of {@code height * width * in} weights. A
 *       convolution copies the window into a patch of as many codes, zeros for what lies outside,
 *       and takes the sum of products with every row: no branch and no index arithmetic in the
 *       inner loop. It is the pattern that compilers know: gcc makes VNNI or pmaddwd of it. Sums
 *       over neighbouring output channels, with the layout of the model, were as fast with 9
 *       weights for each, a third as fast with 144, and a seventh or less beyond. The patch costs
 *       RAM, one window, and one copy for all the output channels.
 *   <li><b>Four output channels at a time</b>: a code of the input is loaded once for four
 *       products. On a host that doubles the speed; a microcontroller has registers for four sums.
 *   <li><b>{@code STEP}</b>: on hosts with vectors the patch is filled up with zeros to a multiple
 *       of 32, so that no products are left over for a scalar loop. The weights beside them are
 *       those of the next row, times 0; so the kernels grow by 31 zeros at their end and not by a
 *       third. On anything else STEP is 1, and costs nothing. It can be set from outside.
 *   <li>A signed tensor that never has a negative code, behind a ReLU, is read as unsigned:
 *       products of unsigned and signed bytes are three times as fast on hosts with VNNI.
 *   <li>A sum has 32 bits where neither it nor the rounding can overflow, whatever bytes the caller
 *       passes in, and 64 otherwise, for each op by itself.
 *   <li>The input is read where the caller has it, and the output written where the caller wants
 *       it; only what lies between is in the arena.
 *   <li>Every name in the source ends in a word of ours ({@code conv1_kernel}), so that no name of
 *       the user's can meet a keyword, a macro or a function of the C library.
 *   <li>Numbers are formatted with %s: %d writes other digits in some countries.
 *   <li>The C is kept in text blocks: there is no builder for C that we would want to depend on.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.c;

import org.jspecify.annotations.NullMarked;

/**
 * From an integer model to C: a header, a source, and a program that tries them.
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
 *       third. On anything else STEP is 1, and costs nothing. It can be set from outside, to what
 *       divides 32: the patch has no room for more.
 *   <li>A signed tensor that never has a negative code, behind a ReLU, is read as unsigned:
 *       products of unsigned and signed bytes are three times as fast on hosts with VNNI.
 *   <li>A sum has 32 bits where neither it nor the rounding can overflow, whatever bytes the caller
 *       passes in, and 64 otherwise, for each op by itself.
 *   <li>The input is read where the caller has it, and the output written where the caller wants
 *       it; only what lies between is in the arena.
 *   <li><b>Every name in the source begins with the model's</b>, and none is another model's,
 *       however similar the names are ({@link ModelName}): two networks in static libraries of one
 *       program would otherwise silently be one. Local variables end in a word of ours ({@code
 *       conv1_codes}), so that no name of the user's can meet a keyword or a macro.
 *   <li><b>Tables have a macro for an attribute and one for an address space.</b> An attribute
 *       stands before the whole declaration, where {@code _Pragma} and {@code [[…]]} may stand too;
 *       an address space is part of the type, of pointers to tables as well. On AVR it is set
 *       without the user: __memx where flash is larger than 64 KB, because pointers of __flash
 *       silently read the wrong bytes beyond.
 *   <li>The source is C99 and C++ as well: structs have a value for each field in order, and no
 *       designators.
 *   <li>The test program is empty without a macro, because Arduino and PlatformIO compile every
 *       file of a folder. It includes the source under names of its own, so that it can be linked
 *       with the source itself.
 *   <li>The source knows the CRC of its header, and refuses another one: sizes of arrays come from
 *       there.
 *   <li>Nothing is computed in {@code int}, which has 16 bits on AVR and MSP430.
 *   <li>Numbers are formatted with %s: %d writes other digits in some countries.
 *   <li>The C is in files, which are read as C and not as Java, and which a test compiles: each
 *       function has a {@link Template} of its own. There is no builder for C that we would want to
 *       depend on.
 *   <li>A {@link CProgram} has all decisions, and no text: what is called with which arguments,
 *       which constants there are, where tensors are. The printers of header, source and test
 *       program only format it.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.c;

import org.jspecify.annotations.NullMarked;

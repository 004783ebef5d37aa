/**
 * Exports an integer model as C: a header, a source, and a program that tests them.
 *
 * <p>An export has three steps:
 *
 * <ol>
 *   <li>{@link ProgramBuilder} converts a model to a {@link CProgram}, which contains all decisions
 *       and no text: functions, constants, pointers to tensors, and calls with their arguments.
 *   <li>{@link HeaderPrinter}, {@link SourcePrinter} and {@link TestPrinter} only format it.
 *   <li>{@link CExporter} writes the files.
 * </ol>
 *
 * <p>All C is in {@link Template} files beside the classes. Each function has a file, {@code
 * dense.c.in}, and a test compiles each by itself with all types. The folder {@code frame} contains
 * the text around the functions.
 *
 * <p>Design decisions:
 *
 * <ul>
 *   <li><b>One function for each kind of op and combination of types.</b> The source contains only
 *       the functions that the model needs. Each op is a call with a constant {@code struct layer}.
 *       The alternative is a function for each layer with its sizes as constants. On a host, it was
 *       between a fifth faster and a half slower (the inner loop runs over hundreds of products).
 *       On a microcontroller, it would need code for each layer. With shared functions, a network
 *       of two convolutions, two poolings and two dense layers has 1.3 KB of code on a Cortex-M4
 *       with -Os.
 *   <li><b>Kernels are stored by output channel</b>, each a row of {@code height * width * in}
 *       weights. A convolution copies the window into a patch of as many codes, with zeros for
 *       pixels outside the input. Then it computes the sum of products with every row, without
 *       branches and index arithmetic in the inner loop. Compilers recognize this pattern: gcc
 *       converts it to VNNI or pmaddwd. With the model's layout, sums over neighbouring output
 *       channels were as fast with 9 weights per channel, a third as fast with 144, and a seventh
 *       or less with more. The patch needs RAM for one window, and is copied once for all output
 *       channels.
 *   <li><b>Four output channels at a time.</b> A code of the input is loaded once for four
 *       products. This doubles the speed on a host, and a microcontroller has enough registers for
 *       four sums.
 *   <li><b>{@code STEP}.</b> On hosts with vectors the patch is padded with zeros to a multiple of
 *       32, so no products remain for a scalar loop. The weights for these zeros are those of the
 *       next row, so the kernel needs only 31 zeros at its end instead of a third more memory. On
 *       other processors STEP is 1, and has no cost. The user can set it to any divisor of 32; the
 *       patch has no room for more.
 *   <li><b>Unsigned reads.</b> A signed tensor without negative codes, after a ReLU for example, is
 *       read as unsigned. Products of unsigned and signed bytes are three times as fast on hosts
 *       with VNNI.
 *   <li><b>Width of sums.</b> The sums of an op have 32 bits if neither a sum nor its rounding can
 *       overflow, whatever bytes the caller passes. Otherwise they have 64 bits.
 *   <li><b>Input and output are not copied.</b> The code reads the caller's input and writes the
 *       caller's output. The arena contains only the other tensors.
 *   <li><b>Every name in the source begins with the model's name</b>, and models never share a
 *       name, even if their names are similar ({@link ModelName}). Otherwise a linker could
 *       silently merge two networks in static libraries of one program. Local variables end with a
 *       fixed word ({@code conv1_codes}), so a user's name cannot be a keyword or a macro.
 *   <li><b>Tables have a macro for an attribute and one for an address space.</b> The attribute is
 *       at the beginning of the declaration, where C also allows {@code _Pragma} and {@code [[…]]}.
 *       The address space is a part of the type, also of pointers to tables. On AVR its default is
 *       __memx if flash is larger than 64 KB, because pointers of __flash silently read the wrong
 *       bytes above.
 *   <li><b>The source is C99 and C++.</b> Therefore, structs have a value for each field in order,
 *       without designators.
 *   <li><b>The test program is empty without a macro</b>, because Arduino and PlatformIO compile
 *       every file of a folder. It includes the source with functions of other names, so it can be
 *       linked with the source.
 *   <li><b>The source contains the CRC of its header</b>, and refuses other headers, because the
 *       sizes of arrays come from the header.
 *   <li><b>No arithmetic in {@code int}</b>, which has 16 bits on AVR and MSP430.
 *   <li><b>Java formats numbers with %s.</b> %d prints other digits in some countries.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.c;

import org.jspecify.annotations.NullMarked;

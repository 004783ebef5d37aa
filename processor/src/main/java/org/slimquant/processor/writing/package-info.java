/**
 * Turns records into source. The writers trust the records and report nothing.
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.writing.QuantizedClassWriter} writes the class; it calls the
 *       others in the order of the output.
 *   <li>{@link org.slimquant.processor.writing.ConstantWriter}: the constants, one method for each
 *       kind. {@link org.slimquant.processor.writing.FormatWriter} writes the formats in them, and
 *       {@link org.slimquant.processor.writing.KernelsWriter} the nested class for formats with
 *       many channels.
 *   <li>{@link org.slimquant.processor.writing.ConstructorWriter}: a constructor.
 *   <li>{@link org.slimquant.processor.writing.OverrideWriter}: the override of a layer.
 * </ul>
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li>The generated class contains the plan's fingerprint, and its formats are marked as the
 *       plan's. So the runtime can calibrate them again, and it refuses another plan if a build
 *       tool did not compile again.
 *   <li>A simple name has the same meaning as in the model. A nested class that the generated class
 *       inherits hides imports; a class of its package hides those of {@code java.lang}. Only in
 *       these cases is a name qualified or imported that would not be otherwise.
 * </ul>
 */
@NullMarked
package org.slimquant.processor.writing;

import org.jspecify.annotations.NullMarked;

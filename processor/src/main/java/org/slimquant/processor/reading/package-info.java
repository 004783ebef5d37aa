/**
 * Turns elements into records. A reader calls the validators on its way.
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.reading.AnnotatedModelReader} reads a class, {@link
 *       org.slimquant.processor.reading.LayerReader} a layer method, {@link
 *       org.slimquant.processor.reading.FormatReader} an annotation, and {@link
 *       org.slimquant.processor.reading.SignatureReader} the signature that an override repeats.
 *   <li>{@link org.slimquant.processor.reading.TypeNames} names types as the generated class must.
 *   <li>{@link org.slimquant.processor.reading.Lint} chooses {@code @Deprecated} and
 *       {@code @SuppressWarnings}.
 *   <li>{@link org.slimquant.processor.reading.PlanDirectory} finds the plan of a model, and {@link
 *       org.slimquant.processor.reading.PlanBaker} replaces requests by the plan's formats.
 * </ul>
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li>An error of an inherited layer is reported where the layer is declared, if that class is in
 *       the same compilation, and at the model otherwise.
 *   <li>A site that the plan lacks is an error, with three exceptions: a kernel that no annotation
 *       mentions, a nullable input, and a site with a remark (another site quantizes the same
 *       tensor). Such a request stays a request.
 *   <li>If the model's signatures would cause warnings in the generated code (raw types, deprecated
 *       types, heap pollution), {@code Lint} suppresses them on the smallest declaration. javac's
 *       {@code auxiliaryclass} has no such switch; it warns of a model that shares a file with a
 *       class of another name.
 * </ul>
 */
@NullMarked
package org.slimquant.processor.reading;

import org.jspecify.annotations.NullMarked;

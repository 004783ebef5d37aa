/**
 * Questions about javac's elements, and messages at them. Readers and validators share these
 * classes, so they have a package below both.
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.element.QuantAnnotation} is an annotation with its values.
 *   <li>{@link org.slimquant.processor.element.Hierarchy} lists the methods of a model and its
 *       supertypes in the order of the source, supertypes first. Nothing reaches the output in hash
 *       order.
 *   <li>{@link org.slimquant.processor.element.Mentions} lists the classes that a declaration
 *       names, and {@link org.slimquant.processor.element.TensorTypes} recognizes TensorFlow's.
 *   <li>{@link org.slimquant.processor.element.Lombok} lets a model wait for Lombok.
 *   <li>{@link org.slimquant.processor.element.Report} prints the messages about a model; {@link
 *       org.slimquant.processor.element.Suppressions} knows which warnings the user switched off.
 * </ul>
 */
@NullMarked
package org.slimquant.processor.element;

import org.jspecify.annotations.NullMarked;

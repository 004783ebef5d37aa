/**
 * Training of a classifier.
 *
 * <ul>
 *   <li>{@code Classifier}: a model with its graph, its session and its optimizer.
 *   <li>{@code Trainer}: trains one or several classifiers on the same images in the same order.
 *   <li>{@code SavedModel}: a classifier, loaded from its files.
 * </ul>
 */
@NullMarked
package org.slimquant.demo.training;

import org.jspecify.annotations.NullMarked;

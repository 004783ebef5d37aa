/**
 * What happens to a model after it was trained: it becomes integers, which are tried in every form
 * that they are shipped in.
 *
 * <p>{@link org.slimquant.examples.deployment.Deployment} has the list of these forms. Each is a
 * step that writes its files and returns its checks, and is tried against what TensorFlow computes
 * for the whole test part; its figures are in {@link org.slimquant.examples.measures.Integers}.
 */
@NullMarked
package org.slimquant.examples.deployment;

import org.jspecify.annotations.NullMarked;

package org.slimquant.engine;

/**
 * Copies an example between a batch and a workspace, in either direction.
 *
 * @param <A> a batch of one tensor, or of several tensors by their names
 */
interface Transfer<A> {
  void copy(A batch, int example, Workspace workspace);
}

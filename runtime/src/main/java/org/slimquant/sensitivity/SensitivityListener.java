package org.slimquant.sensitivity;

/** A listener to the progress of an analysis: a progress bar, for example. */
@FunctionalInterface
public interface SensitivityListener {

  /**
   * Called after each run of the model.
   *
   * @param batch the number of the batch, from 1
   * @param run the number of the run with this batch, from 1
   * @param runs the number of runs with each batch
   */
  void ran(long batch, int run, int runs);
}

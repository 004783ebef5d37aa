package org.slimquant.sensitivity;

/** Is told how far an analysis is: a progress bar, for example. */
@FunctionalInterface
public interface SensitivityListener {

  /**
   * Is called after each run of the model.
   *
   * @param batch the number of the batch, from 1
   * @param run the number of the run with this batch, from 1
   * @param runs the number of runs with each batch
   */
  void ran(long batch, int run, int runs);
}

package org.slimquant.calibration;

/** Is told how far a calibration is: a progress bar, for example. */
@FunctionalInterface
public interface CalibrationListener {

  /**
   * Is called after each batch, one call at a time.
   *
   * @param batches the number of batches that are observed
   */
  void observed(long batches);
}

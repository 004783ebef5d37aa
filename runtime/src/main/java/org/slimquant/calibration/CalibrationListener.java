package org.slimquant.calibration;

/** A listener to the progress of a calibration: a progress bar, for example. */
@FunctionalInterface
public interface CalibrationListener {

  /**
   * Called after each batch, one call at a time.
   *
   * @param batches the number of batches that were observed
   */
  void observed(long batches);
}

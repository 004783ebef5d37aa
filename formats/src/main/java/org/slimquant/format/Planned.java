package org.slimquant.format;

/**
 * A format that was in a plan when the model was compiled, where the annotation asks for one that
 * calibration finds.
 *
 * @param format the format
 * @param plan the plan
 */
public record Planned(Format format, CompiledPlan plan) implements FormatRequest {

  @Override
  public int bits() {
    return format.bits();
  }

  @Override
  public boolean signed() {
    return format.signed();
  }

  @Override
  public boolean perChannel() {
    return format instanceof PerChannel;
  }

  /** Returns the request of the annotation, for which calibration finds a new format. */
  public Calibrated request() {
    return new Calibrated(bits(), signed(), perChannel());
  }

  /** Returns the format as it is written in tables. */
  @Override
  public String toString() {
    return format.toString();
  }
}

package org.slimquant.format;

/**
 * A format that was in a plan when the model was compiled, where the annotation asks for one that
 * calibration finds.
 *
 * @param format the format
 * @param request the request of the annotation, for which calibration finds a new format
 * @param plan the plan
 */
public record Planned(Format format, Calibrated request, CompiledPlan plan)
    implements FormatRequest {

  /**
   * Creates a request.
   *
   * @throws IllegalArgumentException if the format does not satisfy the annotation's request
   */
  public Planned {
    if (!request.allows(format)) {
      throw new IllegalArgumentException(
          "a planned format must be %s, but is %s".formatted(request.formats(), format));
    }
  }

  @Override
  public int bits() {
    return format.bits();
  }

  @Override
  public boolean perChannel() {
    return format instanceof PerChannel;
  }

  /** Returns the format as it is written in tables. */
  @Override
  public String toString() {
    return format.toString();
  }
}

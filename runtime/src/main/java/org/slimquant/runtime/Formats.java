package org.slimquant.runtime;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Output;

/** Answers an annotation's request for a format: from the annotation itself, or from a plan. */
final class Formats {

  private final Map<String, Site> planned;

  Formats(QuantizationPlan plan) {
    planned = plan.sites().stream().collect(Collectors.toMap(Site::name, Function.identity()));
  }

  /**
   * Returns the site of a tensor.
   *
   * @throws IllegalStateException if calibration is to find the format and the plan does not have
   *     it
   */
  Site site(String name, Kind kind, Output<?> tensor, FormatRequest request) {
    String tensorName = Operands.name(tensor);
    if (request instanceof FixedPoint format) {
      return new Site(name, kind, tensorName, format, new Source.Annotation(), Optional.empty());
    }
    if (request instanceof PerChannel format) {
      return new Site(name, kind, tensorName, format, new Source.Annotation(), Optional.empty());
    }
    Site site = planned.get(name);
    if (site == null) {
      throw new IllegalStateException(
          ("%s must be in the plan, because its annotation gives no frac, but the plan has %s;"
                  + " calibrate the model with GraphQuantizer.calibrating")
              .formatted(
                  name, planned.isEmpty() ? "no sites" : "%d others".formatted(planned.size())));
    }
    return new Site(name, kind, tensorName, site.format(), site.source(), site.measure());
  }

  /** Returns exponents as tables show them: {@code -7}, or {@code -9..-6}. */
  static String range(List<Integer> fracs) {
    int smallest = Collections.min(fracs);
    int largest = Collections.max(fracs);
    return smallest == largest ? Integer.toString(smallest) : "%d..%d".formatted(smallest, largest);
  }
}

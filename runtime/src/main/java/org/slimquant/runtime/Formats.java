package org.slimquant.runtime;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;

/** Answers an annotation's request for a format: from the annotation itself, or from a plan. */
final class Formats {

  private final Map<String, Site> planned = new HashMap<>();
  private final String fingerprint;

  /**
   * Reads a plan.
   *
   * @throws IllegalArgumentException if it has a site twice
   */
  Formats(QuantizationPlan plan) {
    this.fingerprint = plan.fingerprint();
    for (Site site : plan.sites()) {
      if (planned.put(site.name(), site) != null) {
        throw new IllegalArgumentException(
            "a plan must have a site once, but has %s twice".formatted(site.name()));
      }
    }
  }

  /**
   * Returns the site of a tensor.
   *
   * @param name the name of the site, which may have a number that the request's has not
   * @throws IllegalStateException if calibration is to find the format and the plan does not have
   *     it
   * @throws IllegalArgumentException if the plan's site is of another kind, width or sign than the
   *     annotation's, or has not as many exponents; if it differs from the plan with which the
   *     model was compiled; or if the format is not for such a tensor
   */
  Site site(String name, SiteRequest request) {
    String tensor = Operands.name(request.tensor());
    if (request.format() instanceof FixedPoint format) {
      return annotated(name, request.kind(), tensor, format);
    }
    if (request.format() instanceof PerChannel format) {
      return annotated(name, request.kind(), tensor, format);
    }
    if (request.format() instanceof Planned format) {
      return compiled(name, request.kind(), tensor, format);
    }
    Site site = planned.get(name);
    if (site == null) {
      throw new IllegalStateException(
          ("%s must be in the plan, because its annotation gives no frac, but the plan has %s;"
                  + " build the model with GraphQuantizer.calibrating and make a plan with Calibrator")
              .formatted(
                  name, planned.isEmpty() ? "no sites" : "%d others".formatted(planned.size())));
    }
    if (site.kind() != request.kind()) {
      throw new IllegalArgumentException(
          "%s must be of kind %s, but is of kind %s in the plan; calibrate the model again"
              .formatted(name, word(request.kind()), word(site.kind())));
    }
    if (!answers(site.format(), request.format())) {
      throw new IllegalArgumentException(
          "%s must be %s, as its annotation says, but is %s in the plan; calibrate the model again"
              .formatted(name, codes(request.format()), site.format()));
    }
    requireFits(name, site.kind(), site.format());
    return new Site(name, site.kind(), tensor, site.format(), site.source(), site.measure());
  }

  /** Returns a site whose format the compiler took from a plan, from which this must not differ. */
  private Site compiled(String name, Kind kind, String tensor, Planned request) {
    Site site = planned.get(name);
    if (site != null && !(site.kind() == kind && site.format().equals(request.format()))) {
      throw new IllegalArgumentException(
          ("%s must be %s of kind %s, as in %s when the model was compiled (fingerprint %s), but is"
                  + " %s of kind %s in the plan that is given (%s); compile the model again, with the"
                  + " option slimquant.plan and the plan in its directory, or give no plan")
              .formatted(
                  name,
                  request.format(),
                  word(kind),
                  request.plan().file(),
                  request.plan().fingerprint(),
                  site.format(),
                  word(site.kind()),
                  fingerprint));
    }
    return known(
        name, kind, tensor, request.format(), new Source.CompileTime(request.plan().fingerprint()));
  }

  private Site annotated(String name, Kind kind, String tensor, Format format) {
    return known(name, kind, tensor, format, new Source.Annotation());
  }

  /** Returns a site whose format is known without the plan, which may have measured it. */
  private Site known(String name, Kind kind, String tensor, Format format, Source source) {
    requireFits(name, kind, format);
    return new Site(
        name,
        kind,
        tensor,
        format,
        source,
        Optional.ofNullable(planned.get(name))
            .filter(site -> site.format().equals(format))
            .flatMap(Site::measure));
  }

  /**
   * Checks that a tensor of a kind may have a format.
   *
   * @throws IllegalArgumentException if it may not: only kernels have channels
   */
  static void requireFits(String name, Kind kind, Format format) {
    if (format instanceof PerChannel && kind != Kind.KERNEL) {
      throw new IllegalArgumentException(
          "%s must have one exponent, because only kernels have channels, but has %s"
              .formatted(name, format));
    }
  }

  /** Returns whether {@code format} is one that calibration may find for {@code request}. */
  static boolean answers(Format format, FormatRequest request) {
    return format.bits() == request.bits()
        && format.signed() == request.signed()
        && format instanceof PerChannel == SiteRequest.isPerChannel(request);
  }

  private static String codes(FormatRequest request) {
    return "%sint%d%s"
        .formatted(
            request.signed() ? "" : "u",
            request.bits(),
            SiteRequest.isPerChannel(request) ? " per channel" : " with one exponent");
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Returns exponents as tables show them: {@code -7}, or {@code -9..-6}. */
  static String range(List<Integer> fracs) {
    int smallest = Collections.min(fracs);
    int largest = Collections.max(fracs);
    return smallest == largest ? Integer.toString(smallest) : "%d..%d".formatted(smallest, largest);
  }
}

package org.slimquant.plan;

import java.util.List;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.proto.QuantizedSite;

/**
 * Reads the format of one site of a plan's file: one exponent, one for each channel, or a bias's.
 */
final class SiteFormatReader {

  private final QuantizedSite site;
  private final Kind kind;
  private final SiteErrors errors;

  SiteFormatReader(QuantizedSite site, Kind kind, SiteErrors errors) {
    this.site = site;
    this.kind = kind;
    this.errors = errors;
  }

  /** Returns the format. */
  Format read() throws PlanFormatException {
    boolean perChannel = site.getChannelFracCount() > 0;
    if (site.hasFrac() == perChannel) {
      throw errors.of(
          "a site must have either frac or channel_frac, but has "
              + (perChannel ? "both" : "neither"));
    }
    List<Integer> fracs = perChannel ? site.getChannelFracList() : List.of(site.getFrac());
    if (kind == Kind.BIAS) {
      return biasFormat(fracs);
    }
    try {
      FixedPoint.requireBits(site.getBits());
    } catch (IllegalArgumentException e) {
      throw errors.of(QuantizedSite.BITS_FIELD_NUMBER, e);
    }
    for (int i = 0; i < fracs.size(); i++) {
      try {
        FixedPoint.signed(site.getBits(), fracs.get(i));
      } catch (IllegalArgumentException e) {
        throw fracError(i, String.valueOf(e.getMessage()));
      }
    }
    if (!perChannel) {
      return new FixedPoint(site.getBits(), site.getFrac(), site.getSigned());
    }
    if (kind != Kind.KERNEL) {
      throw errors.of(
          QuantizedSite.CHANNEL_FRAC_FIELD_NUMBER,
          "only a kernel or a bias must have channel_frac, but this is of kind " + site.getKind());
    }
    requireSigned("a kernel with channel_frac");
    return new PerChannel(site.getBits(), fracs);
  }

  private BiasFormat biasFormat(List<Integer> fracs) throws PlanFormatException {
    if (site.getBits() != Integer.SIZE) {
      throw errors.of(
          QuantizedSite.BITS_FIELD_NUMBER,
          "bits of a bias must be %d, but is %d".formatted(Integer.SIZE, site.getBits()));
    }
    requireSigned("a bias");
    for (int i = 0; i < fracs.size(); i++) {
      if (!BiasFormat.holds(fracs.get(i))) {
        throw fracError(
            i,
            "frac of a bias must be between %d and %d, but is %d"
                .formatted(BiasFormat.MIN_FRAC, BiasFormat.MAX_FRAC, fracs.get(i)));
      }
    }
    return new BiasFormat(fracs);
  }

  private void requireSigned(String subject) throws PlanFormatException {
    if (!site.getSigned()) {
      throw errors.of(QuantizedSite.SIGNED_FIELD_NUMBER, subject + " must be signed, but is not");
    }
  }

  private PlanFormatException fracError(int channel, String reason) {
    // protobuf knows the line of a list, not those of its elements.
    return site.hasFrac()
        ? errors.of(QuantizedSite.FRAC_FIELD_NUMBER, reason)
        : errors.of(
            QuantizedSite.CHANNEL_FRAC_FIELD_NUMBER, "channel %d: %s".formatted(channel, reason));
  }
}

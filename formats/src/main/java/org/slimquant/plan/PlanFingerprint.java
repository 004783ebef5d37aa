package org.slimquant.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;

/** The fingerprint of a plan: the first 8 bytes of the SHA-256 of a line for each site. */
final class PlanFingerprint {

  private static final int BYTES = 8;

  private PlanFingerprint() {}

  static String of(QuantizationPlan plan) {
    String text =
        plan.sites().stream()
            .filter(site -> site.kind() != Kind.BIAS)
            .map(PlanFingerprint::line)
            .sorted()
            .collect(Collectors.joining("\n"));
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String line(Site site) {
    Format format = site.format();
    return "%s %s %d %b %b %s"
        .formatted(
            site.name(),
            site.kind(),
            format.bits(),
            format.signed(),
            format instanceof PerChannel,
            format.fracs());
  }
}

package org.slimquant.plan;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slimquant.plan.Origin.Weights;
import org.slimquant.plan.QuantizationPlan.Kind;

/**
 * Tells whether tensors are those that a plan was calibrated on.
 *
 * <p>Weights have the same name in all graphs that restore one checkpoint. In others the whole
 * model may be in another scope, or a number may be added because the graph has the name already:
 *
 * <pre>{@code
 * calibrated on            now                        the same
 * block1/kernel            block1/kernel              yes
 * block1/kernel            tower/block1/kernel        yes: another scope around it
 * float/block1/kernel      int8/block1/kernel         yes, if all that differ do so like this
 * kernel                   kernel_3                   yes, if the plan has no kernel_3
 * block1/kernel            block2/kernel              no, if the plan has block2/kernel
 * left                     right                      no
 * }</pre>
 */
public final class OriginMatcher {

  private static final Pattern NUMBERED = Pattern.compile("(.*?)(?:_\\d+)?");

  /** Creates a matcher that knows no sites. */
  public OriginMatcher() {}

  /** Pairs of scopes: the second is now in the place of the first. */
  private record Renaming(String before, String now) {}

  /** The first site of each holder of weights in the plan. */
  private final Map<String, String> siteOf = new HashMap<>();

  private @Nullable Renaming renaming;

  /** Adds a site of the plan. */
  public void add(String site, Origin origin) {
    origin.weights().ifPresent(weights -> siteOf.putIfAbsent(weights.name(), site));
  }

  /**
   * Checks that a tensor can be the one that a site was calibrated on.
   *
   * @throws IllegalArgumentException if it cannot; the message names both
   */
  public void requireSame(String site, Kind kind, Origin calibrated, Origin now) {
    if (!isSame(kind, calibrated, now)) {
      throw new IllegalArgumentException(
          ("%s must be the %s it was calibrated on, %s, but is %s%s; calibrate the model again, or"
                  + " pin the names of its calls with GraphQuantizer.named before you do, so that other"
                  + " calls do not change them")
              .formatted(
                  site,
                  kind.name().toLowerCase(Locale.ROOT),
                  calibrated,
                  now,
                  now.weights()
                      .flatMap(weights -> Optional.ofNullable(siteOf.get(weights.name())))
                      .filter(other -> !other.equals(site))
                      .map(", that of %s in the plan"::formatted)
                      .orElse("")));
    }
  }

  /** Returns whether a tensor can be the one that a site was calibrated on. */
  public boolean isSame(Kind kind, Origin calibrated, Origin now) {
    return calibrated.isLike(now, kind)
        && (calibrated.weights().isEmpty()
            || now.weights().isEmpty()
            || isSame(calibrated.weights().get(), now.weights().get()));
  }

  private boolean isSame(Weights calibrated, Weights now) {
    String before = calibrated.name();
    String name = now.name();
    if (before.equals(name)) {
      return renaming("", "");
    }
    if (siteOf.containsKey(name)) {
      return false;
    }
    if (calibrated.constant() || now.constant()) {
      return true; // a tool that freezes variables may choose the names of constants
    }
    String stem = withoutNumber(before);
    String otherStem = withoutNumber(name);
    if (isWithin(stem, otherStem) || isWithin(otherStem, stem)) {
      return true;
    }
    int common = commonSuffix(stem, otherStem);
    int scope = stem.indexOf('/', stem.length() - common);
    return scope >= 0
        && renaming(
            stem.substring(0, scope),
            otherStem.substring(0, otherStem.length() - (stem.length() - scope)));
  }

  /** Notes how a name differs, and returns whether all names until now differed like this. */
  private boolean renaming(String before, String now) {
    Renaming seen = new Renaming(before, now);
    if (renaming == null) {
      renaming = seen;
    }
    return renaming.equals(seen);
  }

  private static String withoutNumber(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches() ? numbered.group(1) : name;
  }

  /** Returns whether a name is another with a scope around it, or the same. */
  private static boolean isWithin(String name, String scoped) {
    return scoped.equals(name) || scoped.endsWith("/" + name);
  }

  private static int commonSuffix(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length())
        && a.charAt(a.length() - 1 - length) == b.charAt(b.length() - 1 - length)) {
      length++;
    }
    return length;
  }
}

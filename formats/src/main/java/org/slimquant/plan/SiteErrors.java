package org.slimquant.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormatParseInfoTree;
import java.nio.file.Path;
import org.slimquant.plan.proto.QuantizedSite;

/**
 * The errors of one site of a plan's file, each with the file, the line and the site's name.
 *
 * @param line the site's first line, for errors of no single field
 * @param places the lines of the site's fields
 */
record SiteErrors(Path file, int line, QuantizedSite site, TextFormatParseInfoTree places) {

  /** Returns the field of a site that has a number in the schema. */
  static FieldDescriptor field(int number) {
    return QuantizedSite.getDescriptor().findFieldByNumber(number);
  }

  /** Returns an error of the whole site. */
  PlanFormatException of(String reason) {
    return unnamed(named(reason));
  }

  /** Returns an error of the whole site without its name, which may be too long to show. */
  PlanFormatException unnamed(String reason) {
    return PlanReader.error(file, line, reason);
  }

  /** Returns an error of the field with a number, for the reason that an exception gives. */
  PlanFormatException of(int number, IllegalArgumentException reason) {
    return of(number, String.valueOf(reason.getMessage()));
  }

  /** Returns an error of the field with a number. */
  PlanFormatException of(int number, String reason) {
    int place = places.getLocation(field(number), 0).getLine() + 1;
    return PlanReader.error(file, place, named(reason));
  }

  private String named(String reason) {
    return site.hasName() ? "site %s: %s".formatted(site.getName(), reason) : reason;
  }
}

package org.slimquant.processor.element;

import com.google.auto.common.MoreElements;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages about one model.
 *
 * <p>A message has the form {@code [Tag] rule, but fact}. Its place is the annotation's value if a
 * value is wrong, otherwise the method or parameter, otherwise the class.
 */
public final class Report {

  private final Printer printer;
  private boolean hasErrors;

  private Report(Printer printer) {
    this.printer = printer;
  }

  /** Returns a report that prints every message at its place. */
  public static Report to(Messager messager) {
    return new Report(
        (kind, message, place, annotation, value) ->
            messager.printMessage(kind, message, place, annotation, value));
  }

  /**
   * Returns a report on a layer that {@code model} inherits from a class file. It has no source, so
   * errors are placed at the model and name the method. Warnings are dropped: only the author of
   * that class can act on them.
   */
  public Report inherited(Element layer, TypeElement model) {
    String origin =
        "%s.%s"
            .formatted(
                MoreElements.asType(layer.getEnclosingElement()).getQualifiedName(),
                layer.getSimpleName());
    return new Report(
        (kind, message, place, annotation, value) -> {
          if (kind == Kind.ERROR) {
            error(model, "%s (inherited: %s)".formatted(message, origin));
          }
        });
  }

  /** Returns a report on a layer whose own class in this compilation prints the messages. */
  public Report silent() {
    return new Report((kind, message, place, annotation, value) -> hasErrors |= kind == Kind.ERROR);
  }

  public void error(Element place, String message) {
    print(Kind.ERROR, message, place, null, null);
  }

  public void error(QuantAnnotation annotation, String message) {
    print(Kind.ERROR, message, annotation.element(), annotation.mirror(), null);
  }

  public void error(QuantAnnotation annotation, String value, String message) {
    print(Kind.ERROR, message, annotation.element(), annotation.mirror(), annotation.value(value));
  }

  public void warning(QuantAnnotation annotation, String value, String message) {
    print(
        Kind.WARNING, message, annotation.element(), annotation.mirror(), annotation.value(value));
  }

  public void warning(Element place, String message) {
    print(Kind.WARNING, message, place, null, null);
  }

  public void note(Element place, String message) {
    print(Kind.NOTE, message, place, null, null);
  }

  public boolean hasErrors() {
    return hasErrors;
  }

  private void print(
      Kind kind,
      String message,
      Element place,
      @Nullable AnnotationMirror annotation,
      @Nullable AnnotationValue value) {
    hasErrors |= kind == Kind.ERROR;
    printer.print(kind, message, place, annotation, value);
  }

  @FunctionalInterface
  private interface Printer {
    void print(
        Kind kind,
        String message,
        Element place,
        @Nullable AnnotationMirror annotation,
        @Nullable AnnotationValue value);
  }
}

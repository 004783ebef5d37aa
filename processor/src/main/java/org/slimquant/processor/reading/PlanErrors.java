package org.slimquant.processor.reading;

import javax.lang.model.element.Element;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import org.slimquant.processor.element.QuantAnnotation;
import org.slimquant.processor.element.Report;
import org.slimquant.processor.element.Suppressions;
import org.slimquant.processor.model.LayerMethod;

/** Reports the errors in the plan of a model, and warns of its oddities. */
record PlanErrors(TypeElement model, Report report) {

  /** Returns the name of the model for messages. */
  Name modelName() {
    return model.getSimpleName();
  }

  /** Reports an error at the model. */
  void atModel(String message) {
    report.error(model, tagged(message));
  }

  /**
   * Reports an error at an annotation of a layer, or at the model if it inherits the layer: the
   * plan belongs to the model.
   */
  void at(LayerMethod layer, Element element, String message) {
    if (model.equals(layer.element().getEnclosingElement())) {
      report.error(QuantAnnotation.of(element).orElseThrow(), tagged(message));
    } else {
      atModel(message);
    }
  }

  /** Warns at an annotation of a layer, or at the model if it inherits the layer. */
  void warn(LayerMethod layer, Element element, String tag, String message) {
    Element place = model.equals(layer.element().getEnclosingElement()) ? element : model;
    if (!Suppressions.silence(place, tag)) {
      report.warning(place, "[%s] %s".formatted(tag, message));
    }
  }

  private static String tagged(String message) {
    return "[QuantPlan] " + message;
  }
}

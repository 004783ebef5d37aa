/**
 * Pieces of an HTML page. They escape all text and values, so a name from a model is shown and
 * never interpreted as HTML.
 */
@NullMarked
package org.slimquant.deploy.report.html;

import org.jspecify.annotations.NullMarked;

//! What is printed: invoices, customs forms, labels, letters and statements, as PDF.

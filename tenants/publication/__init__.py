"""Publication to society 向社会公布: what is planned, for how long, and who objects to it."""

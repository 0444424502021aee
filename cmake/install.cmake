# filled in with the installed headers

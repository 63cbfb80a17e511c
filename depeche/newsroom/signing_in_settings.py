"""What allauth and axes are told, whatever the environment; `depeche.settings` takes it over whole."""

import datetime as dt

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = LOGOUT_REDIRECT_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_ADAPTER = "depeche.newsroom.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "depeche.newsroom.signing_in_forms.LoginForm",
    "reauthenticate": "depeche.newsroom.signing_in_forms.PasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# allauth would count in the memory of each process: passwords are throttled by axes, codes by `limits.py`.
ACCOUNT_RATE_LIMITS = {"login": None, "reauthenticate": None, "login_failed": None}
WAGTAILADMIN_USER_PASSWORD_RESET_FORM = "depeche.newsroom.signing_in_forms.ForgottenPasswordForm"  # noqa: S105
MFA_ADAPTER = "depeche.newsroom.adapters.MfaAdapter"
MFA_FORMS = {
    name: f"depeche.newsroom.signing_in_forms.{form}"
    for name, form in {
        "authenticate": "CodeForm",
        "reauthenticate": "CodeAgainForm",
        "activate_totp": "ActivateAppForm",
        "add_webauthn": "AddKeyForm",
        "edit_webauthn": "RenameKeyForm",
    }.items()
}
MFA_TOTP_ISSUER = "Dépêche"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True

AXES_HANDLER = "depeche.newsroom.throttling.Handler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "depeche.newsroom.throttling.user_name"
AXES_CLIENT_IP_CALLABLE = "depeche.newsroom.throttling.network"
AXES_LOCKOUT_CALLABLE = "depeche.newsroom.throttling.locked_out"
# What axes must not keep of a form: a password, also one typed into the wrong field.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "credential", "csrfmiddlewaretoken"]
